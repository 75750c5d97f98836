/**
 * A registry's answer by RDAP (RFC 9083, an IP network) as lines such as whois has: whose, where, whom to write to.
 * Takes its JSON; gives text, or throws an Error. Every word of it is anybody's: each value stays on its line, cut, with what
 * cannot be seen spelled out, and none can pass for another field.
 */
import { visible } from '../../lib/visible-text.js';

const LONGEST = 200;
const MOST_ENTITIES = 12;
const DEEPEST = 3;
const MOST_REMARKS = 20;

type Json = Readonly<Record<string, unknown>>;

export function rdapText(body: string): string {
  const answer = recordOf(parsed(body));
  const start = textOf(answer['startAddress']);
  const end = textOf(answer['endAddress']);
  if (start === '' || end === '') throw new Error('the answer speaks of no network');
  const lines = [
    line('inetnum', `${start} - ${end}`),
    ...['handle', 'name', 'type', 'country'].map((name) => line(name, textOf(answer[name]))),
    ...entityLines(answer['entities'], 1),
    ...listOf(answer['remarks'])
      .flatMap((remark) => listOf(recordOf(remark)['description']).map(textOf))
      .slice(0, MOST_REMARKS)
      .map((text) => line('remarks', text)),
  ];
  return `${lines.filter((each) => each !== '').join('\n')}\n`;
}

/** Who has to do with it: `abuse: Some Person <abuse@example>`. */
function entityLines(entities: unknown, depth: number): readonly string[] {
  if (depth > DEEPEST) return [];
  return listOf(entities)
    .slice(0, MOST_ENTITIES)
    .flatMap((entity) => {
      const { roles, vcardArray, entities: within } = recordOf(entity);
      const [, properties] = listOf(vcardArray);
      const valueOf = (name: string): string =>
        listOf(properties)
          .map(listOf)
          .filter(([key]) => key === name)
          .map(([, , , value]) => textOf(value))
          .find((text) => text !== '') ?? '';
      const [name, email] = [valueOf('fn'), valueOf('email')];
      const words = [name, email === '' ? '' : `<${email}>`].filter((each) => each !== '').join(' ');
      const as =
        listOf(roles)
          .map(textOf)
          .join('/')
          .replaceAll(/[^a-z/]/g, '') || 'contact';
      return [
        words === '' ? '' : line(`contact (${as.slice(0, LONGEST)})`, words),
        ...entityLines(within, depth + 1),
      ];
    });
}

function line(name: string, value: string): string {
  return value === '' ? '' : `${name}: ${visible(value.slice(0, LONGEST))}`;
}

/** The parse boundary for whatever comes from there. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error('the answer is no JSON');
  }
}

function recordOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
