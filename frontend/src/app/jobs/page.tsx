import { Suspense } from "react";
import { JobView } from "@/features/job/JobView";

export default function JobPage() {
  return (
    <Suspense>
      <JobView />
    </Suspense>
  );
}
