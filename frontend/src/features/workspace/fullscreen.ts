/** Asks for the whole screen; the stand fills the window where the browser gives no more. */
export async function enterFullscreen(): Promise<void> {
  await document.documentElement.requestFullscreen?.().catch(() => undefined);
}

export function leaveFullscreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
}
