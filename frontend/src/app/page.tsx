import { StartView } from "@/features/upload/StartView";

export default function StartPage() {
  return <StartView />;
}
