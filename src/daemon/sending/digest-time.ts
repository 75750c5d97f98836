/**
 * When the next digest is due. Takes a time of day in the host's zone and now; gives milliseconds since the epoch.
 */
export function digestTimeMs(minutes: number, nowMs: number): number {
  const at = new Date(nowMs);
  at.setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);
  if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1);
  return at.getTime();
}
