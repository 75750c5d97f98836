/**
 * Finds what looks like a tag of a filter and is none: `<HOSTS>`, `<f-user>`, `</F-USER>` that nothing opened. It stands in
 * the expression as the text it is, which no log line holds. Takes an expression as configured; gives the words.
 */
import { expandTags } from '../../filter/tags.js';

/** Not the names of Python's groups, `(?P<host>`. */
const TAG_LIKE =
  /(?<!\?P?)<\/?(?:F-[A-Za-z0-9_-]+|HOST\w*|\w*HOST|ADDR\w*|IP[46]?|DNS|CIDR|SUBNET|SKIPLINES?)\/?>/gi;

export function strayTags(expression: string): readonly string[] {
  const left = expandTags(expression, true).match(TAG_LIKE) ?? [];
  return [...new Set(left)];
}
