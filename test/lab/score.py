#!/usr/bin/env python3
"""score.py DIR [--latency]: what came of a lab run, against what should have.

DIR holds truth.jsonl (traffic.py), elements.jsonl (latency.py watch), final.json (`nft -j list ruleset` at the end),
found.txt (addresses that the daemon charged, one a line), latency.txt and notes.txt. Prints the table, then one
`ok` or `not ok` line per thing that must hold; ends with 1 if one does not.
"""
import collections, ipaddress, json, os, quopri, re, sys

here = lambda name: os.path.join(sys.argv[1], name)
read = lambda name: open(here(name)).read() if os.path.exists(here(name)) else ''

kinds, outcomes = {}, collections.defaultdict(collections.Counter)
for line in read('truth.jsonl').splitlines():
    d = json.loads(line)
    kinds.setdefault(d['src'], (d['kind'], d['service'] if d['kind'] == 'attack' else '*'))
    outcomes[d['src']][d['outcome']] += 1


def elements():
    """Every network that was in the kernel at any time: heard as it came, or there at the end (a batch may be restored)."""
    for line in read('elements.jsonl').splitlines(): yield json.loads(line)['ip']
    for item in json.loads(read('final.json') or '{"nftables": []}')['nftables']:
        held = item.get('set', {})
        width = re.search(r'-(\d+)$', held.get('name', ''))
        if held.get('type') not in ('ipv4_addr', 'ipv6_addr'): continue
        for e in held.get('elem', []):
            e = e['elem']['val'] if isinstance(e, dict) and 'elem' in e else e
            if isinstance(e, str): yield f'{e}/{width[1]}' if width else e


banned = {ipaddress.ip_network(e, strict=False) for e in elements()}
inside = lambda address, net: ipaddress.ip_address(address).version == net.version and ipaddress.ip_address(address) in net
shut = {a for a in kinds if any(inside(a, net) for net in banned)}
of, hit = collections.Counter(kinds.values()), collections.Counter(kinds[a] for a in shut)

print(f'{"client":8} {"service":12} {"banned":>6} {"of":>4}')
for kind in sorted(of): print(f'{kind[0]:8} {kind[1]:12} {hit[kind]:6} {of[kind]:4}')
for name in ('latency.txt', 'notes.txt'): print(read(name), end='')

must = lambda a: kinds[a][0] == 'attack' and kinds[a][1] != 'spam'
attackers = [a for a in kinds if must(a)]
missed = [a for a in attackers if a not in shut]
harmed = [a for a in shut if kinds[a][0] in ('legit', 'slip', 'probe')]
innocent = [a for a in kinds if kinds[a][0] in ('legit', 'slip', 'probe')]
strays = [str(n) for n in banned if not any(inside(a, n) for a in kinds)]
charged = sorted({a for a in read('found.txt').split() if a not in kinds})

failed = 0


def check(holds, text, which=()):
    global failed
    failed += not holds
    print(('ok' if holds else 'not ok') + f' - {text}')
    for each in which: print(f'    {each}')


tell = lambda a: f'{a} {kinds[a][1]}: ' + ', '.join(f'{n} {o}' for o, n in outcomes[a].items())
check(not missed and attackers, f'attackers on logins and relaying are banned: {len(attackers) - len(missed)} of {len(attackers)}', map(tell, sorted(missed)))
check(not harmed and innocent, f'clients that sign in, mistype or probe are not banned: {len(harmed)} of {len(innocent)}', map(tell, sorted(harmed)))
check(not strays, f'nothing is banned that was never a client: {len(strays)}', sorted(strays))
check(not charged, f'nothing is charged that was never a client: {len(charged)}', charged)
if os.path.exists(here('mailbox')):
    mails = read('mailbox').split('\nSubject: [Bailiff] ')[1:]
    told = [m for m in mails if re.search(r'^(?:No whois: |Whois, as )', m, re.M) or re.match(r'\d+ bans on ', m)]
    check(mails and len(told) == len(mails), f'mails of bans arrive, with whois or that there is none: {len(told)} of {len(mails)}')
    if os.path.exists(here('by-sendmail')):
        ours = [m for m in re.split(r'^From ', read('mailbox'), flags=re.M) if '\nSubject: [Bailiff] ' in m]
        handed = sum(1 for m in ours if re.search(r'^Received: by \S+ \(Postfix, from userid \d+\)', m, re.M))
        check(handed == len(mails), f'mails come through sendmail: {handed} of {len(mails)}')
        plain = [quopri.decodestring(m.encode()).decode() for m in ours]
        asked = [m for m in plain if '\n  netname: LAB-NET\n  ~!touch ' in m and '\n  \\x1b[2J\\u{202e}evil\n' in m]
        check(asked and len(asked) == len(mails), f'what a registry says stands in them as text: {len(asked)} of {len(mails)}')
        named = [name for name in ('~!touch /tmp/', 'RCPT TO:<evil') if any(re.search(rf'^  .*sasl_username=.*{name}', m, re.M) for m in plain)]
        check(len(named) == 2, f'what a user calls himself stands in them as text: {len(named)} of 2')
        acting = [line for m in ours for line in m.splitlines() if re.match(r'[~|.]|>?From evil|RCPT TO', line)]
        check(not acting, f'no line of them begins with what a mailer acts on: {len(acting)}', acting[:5])
    check(not os.path.exists(here('was-here')), 'what a user calls himself is run by no mailer')
if '--latency' in sys.argv:
    found = {k: float(v) for k, v in re.findall(r'(p50|p99) ([\d.]+)', read('latency.txt'))}
    check(found.get('p50', 1e9) <= 50, f'half of the bans are in the kernel within 50 ms of their line: {found.get("p50")}')
    check(found.get('p99', 1e9) <= 250, f'99 % of the bans are in the kernel within 250 ms of their line: {found.get("p99")}')
sys.exit(1 if failed else 0)
