/**
 * Keeps keys and passwords out of what is shown.
 * Takes names and values; gives the same with each secret as `…` and its last four characters.
 */

const SECRET_WORD = 'api_?key|token|webhook_url|ntfy_url|passw(?:or)?d|secret|credential';
const SECRET_NAME = new RegExp(SECRET_WORD, 'i');
/** What ends a secret's name and all up to its value; the value, quoted, or up to what ends a parameter. */
const SECRET_PAIR = new RegExp(
  `((?:${SECRET_WORD})[\\w\\-.]*["']?\\s*[=:]\\s*)("[^"]*"?|'[^']*'?|[^,\\]\\s]+)`,
  'gi',
);
/** Shorter values would be given away by their last four characters. */
const SHOWN_FROM = 8;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** `…c0de`; of a short one nothing is shown; empty stays empty, so that a missing key is seen. */
export function hiddenSecret(value: string): string {
  if (value === '') return '';
  return value.length < SHOWN_FROM ? '…' : `…${value.slice(-4)}`;
}

/** The values of all secret parameters, longest first. */
export function secretsIn(parameters: Iterable<readonly [string, string]>): readonly string[] {
  const secrets = [...parameters].filter(([name, value]) => isSecretName(name) && value.length > 3);
  return [...new Set(secrets.map(([, value]) => value))].sort((left, right) => right.length - left.length);
}

/** A text, such as a command, with each of the secrets hidden. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) shown = shown.replaceAll(secret, hiddenSecret(secret));
  return shown;
}

/** A piece of configuration, with `hide` of each value that stands behind a secret name and `=` or `:`, wherever that is. */
export function withoutSecretPairs(text: string, hide: (value: string) => string): string {
  return text.replace(SECRET_PAIR, (_, name: string, value: string) => name + hide(value));
}

/** A piece of configuration as it is quoted in a message: values of secret names are left out. */
export function quotable(text: string): string {
  return withoutSecretPairs(text, () => '…');
}
