import { MyJobs } from "@/features/job/songs/MyJobs";
import { StartView } from "@/features/upload/StartView";
import { Example } from "./Example";

export default function StartPage() {
  return (
    <StartView>
      <Example />
      <MyJobs />
    </StartView>
  );
}
