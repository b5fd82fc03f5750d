/** Where a job is shown. A static export knows no `/jobs/<id>`. */
export const jobAddress = (jobId: string): string => `/jobs/?id=${encodeURIComponent(jobId)}`;
