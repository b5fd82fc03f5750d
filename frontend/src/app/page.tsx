import { MyJobs } from "@/features/job/songs/MyJobs";
import { StartView } from "@/features/upload/StartView";

export default function StartPage() {
  return (
    <StartView>
      <MyJobs />
    </StartView>
  );
}
