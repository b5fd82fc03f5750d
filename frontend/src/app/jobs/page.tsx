import { Suspense } from "react";
import { SongPage } from "./SongPage";

export default function JobPage() {
  return (
    <Suspense fallback={<title>DrumScribe</title>}>
      <SongPage />
    </Suspense>
  );
}
