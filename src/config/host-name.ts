/**
 * This host's full name, for `<fq-hostname>`: as hosts(5) gives it, without asking DNS.
 */
import { readFileSync } from 'node:fs';

/** The dotted name on the line of `hosts` that names this host; the short name where there is none. */
export function fullHostName(short: string, hostsFile: string): string {
  if (short.includes('.')) return short;
  let text: string;
  try {
    text = readFileSync(hostsFile, 'utf8');
  } catch {
    // No such file in this container: the short name has to do.
    return short;
  }
  for (const line of text.split('\n')) {
    const [, ...names] = line.replace(/#.*/s, '').trim().split(/\s+/);
    const full = names.find((name) => name.includes('.'));
    if (names.includes(short) && full !== undefined) return full;
  }
  return short;
}
