import type { Metadata } from "next";
import { Suspense } from "react";
import { JobView } from "@/features/job/JobView";

export const metadata: Metadata = { title: "Song" };

export default function JobPage() {
  return (
    <Suspense>
      <JobView />
    </Suspense>
  );
}
