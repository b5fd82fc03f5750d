/** Whether a word of the service is one of those that are known. */
export const among = <Code extends string>(codes: readonly Code[], code: string): code is Code =>
  (codes as readonly string[]).includes(code);
