/**
 * Hides what is secret in texts of configuration: values of secret names, keys in headers and addresses, long words that
 * look like keys; and, once seen, the same value wherever else it stands.
 * Takes texts to learn from, then texts to hide in; gives the same with each secret's last four characters.
 */
import { hiddenSecret, isSecretName, withoutSecretPairs } from '../config/secrets.js';

/** Shorter ones would be found in words that mean something else. */
const LEARNT_FROM = 8;
/** A name before a value in a request's header, and the password in an address. */
const HEADER =
  /(\b(?:Authorization|Bearer|Basic|(?:X-[\w-]*)?(?:Key|Auth))\b["']?(?:\s*:\s*|\s+))([^\s"']{8,})/gi;
const IN_ADDRESS = /(\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/g;
const LONG_WORD = /(?<![\w/.%-])[\w+=-]{20,}(?![\w/.-])/g;

export class Redactor {
  readonly #secrets = new Set<string>();

  /** A value that is secret wherever it stands. */
  learn(secret: string): void {
    const value = secret.trim();
    if (value.length >= LEARNT_FROM) this.#secrets.add(value);
  }

  /** All secrets of a file in Fail2Ban's dialect. */
  learnFrom(text: string): void {
    hideSecrets(text, (value) => {
      this.learn(value);
      return value;
    });
  }

  /** `isConfiguration`: hides by names and looks too, not only what was learnt. */
  hide(text: string, isConfiguration: boolean): string {
    let shown = isConfiguration ? hideSecrets(text, hiddenSecret) : text;
    const longestFirst = [...this.#secrets].sort((one, other) => other.length - one.length);
    for (const secret of longestFirst) shown = shown.replaceAll(secret, hiddenSecret(secret));
    return shown;
  }
}

function hideSecrets(text: string, hide: (value: string) => string): string {
  let isSecret = false;
  return text
    .split('\n')
    .map((line) => {
      // What stands behind ` ;` is a comment.
      const [, before = '', value = '', after = ''] =
        /^(\s*(?:[#;]+\s*)?)(.*?)((?:\s+;.*|\s*))$/s.exec(line) ?? [];
      const [, name = '', written = ''] = /^([^=:[\]]*?)\s*[=:]\s*(.*)$/s.exec(value) ?? [];
      const isNamed = isSecretName(name);
      // A value goes on in lines that are indented.
      isSecret = isNamed || (isSecret && /^\s/.test(line));
      if (!isSecret) return hideWithin(line, hide);
      const own = isNamed ? written : value;
      if (own === '' || isReference(own)) return line;
      return `${before}${value.slice(0, value.length - own.length)}${hide(unquoted(own))}${hideWithin(after, hide)}`;
    })
    .join('\n');
}

function hideWithin(line: string, hide: (value: string) => string): string {
  const hideUnlessNamed = (value: string): string =>
    isReference(unquoted(value)) ? value : hide(unquoted(value));
  return withoutSecretPairs(line, hideUnlessNamed)
    .replace(HEADER, (_, name: string, value: string) => name + hideUnlessNamed(value))
    .replace(IN_ADDRESS, (_, before: string, password: string) => before + hide(password))
    .replace(LONG_WORD, (word) => (looksRandom(word) ? hide(word) : word));
}

/** It says where the secret is: `file:/path`, `credential:NAME`, `%(name)s`, `<name>`. */
function isReference(value: string): boolean {
  return /^(?:file:|credential:|%\([^)]*\)s$|<[\w/-]*>$)/.test(value);
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*?)\1?$/s, '$2');
}

function looksRandom(word: string): boolean {
  return (word.match(/\d/g)?.length ?? 0) >= 3 && (word.match(/[A-Za-z]/g)?.length ?? 0) >= 3;
}
