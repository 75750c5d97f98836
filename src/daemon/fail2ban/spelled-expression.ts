/**
 * An expression as `get JAIL failregex` shows it: with Fail2Ban's own spelling of its tags (jail.conf(5)).
 * Takes an expression and whether names may stand for addresses; gives Python syntax. What is matched with is the filter's
 * own translation, which is stricter.
 */
const IP4 = '(?:::f{4,6}:)?(?P<ip4>(?:\\d{1,3}\\.){3}\\d{1,3})';
const IP6 = '(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))';
const DNS = '(?P<dns>[\\w\\-.^_]*\\w)';
const CIDR = '(?P<cidr>\\d+)';
const EITHER = `(?:${IP4}|${IP6})`;

const TAGS: ReadonlyMap<string, string> = new Map([
  ['IP4', IP4],
  ['F-IP4/', IP4],
  ['IP6', IP6],
  ['F-IP6/', IP6],
  ['ADDR', `\\[?${EITHER}\\]?`],
  ['F-ADDR/', `\\[?${EITHER}\\]?`],
  ['DNS', DNS],
  ['F-DNS/', DNS],
  ['CIDR', CIDR],
  ['F-CIDR/', CIDR],
  ['SUBNET', `\\[?(?:${IP4}|${IP6})(?:/${CIDR})?\\]?`],
  ['F-SUBNET/', `\\[?(?:${IP4}|${IP6})(?:/${CIDR})?\\]?`],
  ['F-ID/', '(?P<fid>\\S+)'],
  ['F-PORT/', '(?P<fport>\\w+)'],
]);

const GROUPS: ReadonlyMap<string, string> = new Map([
  ['ID', 'fid'],
  ['PORT', 'fport'],
]);

export function spelledExpression(text: string, hostNames: boolean): string {
  const open = new Set<string>();
  let skips = 0;
  return text.replace(/<\/?[\w-]+\/?>/g, (tag) => {
    const name = tag.slice(1, -1);
    if (name === 'HOST') return hostNames ? `(?:\\[?${EITHER}\\]?|${DNS})` : `\\[?${EITHER}\\]?`;
    if (name === 'SKIPLINES') {
      skips += 1;
      return `\\n(?P<skiplines${skips - 1}>(?:(?:.*\\n)*?))`;
    }
    const [, closing, label] = /^(\/?)F-([A-Z0-9_-]+)$/.exec(name) ?? [];
    if (label === undefined) return TAGS.get(name) ?? tag;
    if (closing === '/') return open.has(label) ? ')' : tag;
    open.add(label);
    return `(?P<${GROUPS.get(label) ?? label.toLowerCase()}>`;
  });
}
