/**
 * A time of day, or none: `07:00`, `no`. Takes the text; gives minutes after midnight, undefined for none.
 */
import { BailiffError } from '../lib/errors.js';

/** @throws BailiffError `config.time`. */
export function parseTimeOfDay(text: string): number | undefined {
  if (/^(?:no|off|false|0|)$/i.test(text.trim())) return undefined;
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hours !== undefined) return Number(hours) * 60 + Number(minutes);
  throw new BailiffError('config.time', `\`${text}\` is no time of day.`, {
    remedy: 'Write one such as 07:00, or no.',
  });
}
