/** Whether what has the focus has a use for keys of its own: somebody types there, or it is in a dialog. */
export const isForKeys = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input:not([type=range]), select, textarea, dialog") !== null;
