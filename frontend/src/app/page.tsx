import { StartView } from "@/features/upload/StartView";
import { Example } from "./Example";
import { MySongs } from "./MySongs";

export default function StartPage() {
  return (
    <StartView>
      <Example />
      <MySongs />
    </StartView>
  );
}
