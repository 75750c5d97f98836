/**
 * The tags of an expression (`<HOST>`, `<F-USER>`) expanded as Fail2Ban states them, where its output shows the result or
 * has to be met to the letter. What Bailiff itself matches with is `../tags.ts`, which accepts the same addresses faster.
 * Source: the groups that Fail2Ban 1.1 documents in jail.conf(5) and prints with `get JAIL failregex`.
 */
const IP4 = '(?:::f{4,6}:)?(?P<ip4>(?:\\d{1,3}\\.){3}\\d{1,3})';
const IP6 = '(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))';
const DNS = '(?P<dns>[\\w\\-.^_]*\\w)';
const CIDR = '(?P<cidr>\\d+)';
const ADDR = `\\[?(?:${IP4}|${IP6})\\]?`;
const SUBNET = `\\[?(?:${IP4}|${IP6})(?:/${CIDR})?\\]?`;

const FIXED: ReadonlyMap<string, string> = new Map([
  ['IP4', IP4],
  ['IP6', IP6],
  ['ADDR', ADDR],
  ['DNS', DNS],
  ['CIDR', CIDR],
  ['SUBNET', SUBNET],
]);
const SELF_CLOSED: ReadonlyMap<string, string> = new Map([
  ...[...FIXED].map(([name, text]) => [`F-${name}/`, text] as const),
  ['F-ID/', '(?P<fid>\\S+)'],
  ['F-PORT/', '(?P<fport>\\w+)'],
]);

/** `((?i)x)` and `(?:(?i)x)`: flags that Python wants at the beginning are made the group's own. */
const INNER_FLAGS = /(?<!\\)\((?:\?:)?(\(\?[a-z]+)\)/g;

/** The expression in Python's syntax, tags expanded. `hostNames`: whether `<HOST>` may be a name. */
export function statedExpression(expression: string, hostNames: boolean): string {
  const open = new Set<string>();
  let skips = 0;
  const expanded = expression.replace(/<(\/?)([\w-]+)(\/?)>/g, (tag, closing: string, name: string, end) => {
    if (tag === '<HOST>') return hostNames ? `(?:${ADDR}|${DNS})` : ADDR;
    if (tag === '<SKIPLINES>') {
      skips += 1;
      return `\\n(?P<skiplines${skips - 1}>(?:(?:.*\\n)*?))`;
    }
    const fixed =
      closing === '' ? (end === '' ? FIXED : SELF_CLOSED).get(`${name}${String(end)}`) : undefined;
    if (fixed !== undefined) return fixed;
    const label = end === '' ? /^F-([A-Z0-9_-]+)$/.exec(name)?.[1] : undefined;
    if (label === undefined) return tag;
    if (closing !== '') return open.has(label) ? ')' : tag;
    open.add(label);
    return `(?P<${groupOfLabel(label)}>`;
  });
  return expanded.replace(INNER_FLAGS, '$1:');
}

/** The group that `<F-LABEL>` fills. */
export function groupOfLabel(label: string): string {
  const lower = label.toLowerCase();
  if (lower === 'id') return 'fid';
  return lower === 'port' ? 'fport' : lower;
}
