/** How the small fields of the tools look. */
export const CONTROL = "min-h-10 rounded-lg border border-line-strong bg-page px-2 text-sm";
