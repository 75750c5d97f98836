/**
 * The time of a journal entry as Fail2Ban writes it before the entry's text: ISO 8601, local with its offset, microseconds
 * if there are any (Bailiff knows milliseconds).
 */
export function journalTimeText(timeMs: number): string {
  const at = new Date(timeMs);
  const micros = Math.round((timeMs % 1000) * 1000);
  const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${fraction}${offsetText(-at.getTimezoneOffset())}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
