/**
 * Expands the tags of a filter expression (`<HOST>`, `<F-USER>…</F-USER>`, `<SKIPLINES>`) into Python `re` syntax.
 * Takes one expression whose parameters are filled in; gives one that names its groups as Fail2Ban does.
 * The address patterns are looser than an address: whoever reads the group checks it. Unknown tags stay text.
 */

const PART = '[0-9a-fA-F]{0,4}:';
const IP4 = '(?:::f{4,6}:)?(?P<ip4>[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3})';
/** One to eight groups, each with its colon; nested and not counted, so that V8's linear engine can take over. */
const PARTS = Array.from({ length: 7 }).reduce<string>((rest) => `${PART}(?:${rest})?`, PART);
const IP6 = `(?P<ip6>${PARTS}(?:[0-9a-fA-F]{1,4}|:))`;
const DNS = '(?P<dns>[\\w\\-.^_]*\\w)';
const CIDR = '(?P<cidr>[0-9]+)';
const ADDR = `\\[?(?:${IP4}|${IP6})\\]?`;
const SUBNET = `\\[?(?:${IP4}|${IP6})(?:/${CIDR})?\\]?`;

const SELF_CLOSED: ReadonlyMap<string, string> = new Map([
  ['IP4', IP4],
  ['F-IP4/', IP4],
  ['IP6', IP6],
  ['F-IP6/', IP6],
  ['ADDR', ADDR],
  ['F-ADDR/', ADDR],
  ['DNS', DNS],
  ['F-DNS/', DNS],
  ['CIDR', CIDR],
  ['F-CIDR/', CIDR],
  ['SUBNET', SUBNET],
  ['F-SUBNET/', SUBNET],
  ['F-ID/', '(?P<fid>\\S+)'],
  ['F-PORT/', '(?P<fport>\\w+)'],
]);

const TAG = /<\/?[\w-]+\/?>/g;
const CUSTOM = /^(\/?)F-([A-Z0-9_-]+)$/;

/** The expression with its tags expanded. `hostNames`: whether `<HOST>` may be a name. Source: Fail2Ban's jail.conf(5). */
export function expandTags(expression: string, hostNames: boolean): string {
  const open = new Set<string>();
  let skips = 0;
  return expression.replace(TAG, (tag) => {
    const name = tag.slice(1, -1);
    if (name === 'HOST') return hostNames ? `(?:${ADDR}|${DNS})` : ADDR;
    if (name === 'SKIPLINES') {
      skips += 1;
      return `\\n(?P<skiplines${skips - 1}>(?:(?:.*\\n)*?))`;
    }
    const fixed = SELF_CLOSED.get(name);
    if (fixed !== undefined) return fixed;
    const custom = CUSTOM.exec(name);
    if (custom === null) return tag;
    const label = custom[2] ?? '';
    if (custom[1] === '/') return open.has(label) ? ')' : tag;
    open.add(label);
    return `(?P<${groupOf(label)}>`;
  });
}

function groupOf(label: string): string {
  const lower = label.toLowerCase();
  if (lower === 'id') return 'fid';
  return lower === 'port' ? 'fport' : lower;
}
