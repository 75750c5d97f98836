/**
 * What a line of evidence shows, by service: a login that failed, a probe, spam, …
 * Takes the service and the line as the service wrote it; gives a kind. What somebody else claims (a block list), mail
 * content, and packets without a connection are kinds of their own: they are no reason to report.
 */
export type Service = 'ssh' | 'smtp' | 'submission' | 'imap' | 'web' | 'mail-content' | 'bans' | 'other';

export type EvidenceKind =
  | 'login'
  | 'relay'
  | 'recipient'
  | 'probe'
  | 'request'
  | 'repeat'
  | 'attempt'
  /** No reason to report, from here on. */
  | 'spam'
  | 'listed'
  | 'packet';

const SERVICES: readonly (readonly [RegExp, Service])[] = [
  [/^sshd\b/, 'ssh'],
  [/^postfix-sasl\b/, 'submission'],
  [/^postfix\b/, 'smtp'],
  [/^dovecot\b/, 'imap'],
  [/^apache\b/, 'web'],
  [/^rspamd\b/, 'mail-content'],
  [/^recidive\b/, 'bans'],
];

/** What a firewall logs of a packet: nothing proves that its sender is who it says. */
const PACKET = /\bSRC=\S+ (?:DST=|.{0,80}\bDST=).{0,200}\bPROTO=/;

const KINDS: Readonly<Record<Service, readonly (readonly [RegExp, EvidenceKind])[]>> = {
  ssh: [
    [/: Failed |[Aa]uthentication (?:failure|error)|[Ii]nvalid user|maximum authentication|penalty: failed authentication|not allowed because|REFUSED|illegal user|authenticating user/, 'login'],
    [/./, 'probe'],
  ],
  submission: [[/./, 'login']],
  smtp: [
    [/milter-reject|Spam message/, 'spam'],
    [/blocked using|DNSBL rank/, 'listed'],
    [/: Relay access denied/, 'relay'],
    [/: Recipient address rejected: (?:[Uu]ser unknown|[Uu]ndeliverable)/, 'recipient'],
    [/ rejected: /, 'spam'],
    [/SASL \S+ authentication|\bauth=0\//, 'login'],
    [/./, 'probe'],
  ],
  imap: [
    [/\((?:no auth attempts|disconnected (?:during|before)|client didn't|tried to use|sent invalid)/, 'probe'],
    [/./, 'login'],
  ],
  web: [
    [/AH01(?:617|618|807|808|79[0124]|695|614)\b|authentication failure|not found|password mismatch|wrong authentication/, 'login'],
    [/./, 'request'],
  ],
  'mail-content': [[/./, 'spam']],
  bans: [
    [/^\[rspamd\]/, 'spam'],
    [/./, 'repeat'],
  ],
  other: [[/./, 'attempt']],
}; // prettier-ignore

/** The service that a filter reads: `postfix[mode=more]` → `smtp`. */
export function serviceOf(filter: string): Service {
  return SERVICES.find(([name]) => name.test(filter))?.[1] ?? 'other';
}

/** `text` may begin with earlier lines of the same connection; the last one is the evidence. */
export function kindOf(service: Service, text: string): EvidenceKind {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  if (service === 'other' && PACKET.test(line)) return 'packet';
  return KINDS[service].find(([mark]) => mark.test(line))?.[1] ?? 'attempt';
}

/** Whether it rests on what the sender did himself, over a connection that was made. */
export function isOwnDeed(kind: EvidenceKind): boolean {
  return kind !== 'spam' && kind !== 'listed' && kind !== 'packet';
}
