import type { Metadata } from "next";
import { Suspense } from "react";
import { SongPage } from "./SongPage";

export const metadata: Metadata = { title: "Song" };

export default function JobPage() {
  return (
    <Suspense>
      <SongPage />
    </Suspense>
  );
}
