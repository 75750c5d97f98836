/**
 * A journal entry as one line of text, as Fail2Ban rebuilds it: `HOST IDENT[PID]: MESSAGE`.
 * Takes the values of the fields; gives the text before the message. Does not read the journal.
 * Source of the format: Fail2Ban 1.1 documentation of the systemd backend, checked against its output.
 */

/** `HOST IDENT[PID]: `, leaving out what is absent; `monotonicUs` is shown for kernel lines only. */
export function linePrefix(host: string, ident: string, pid: string, monotonicUs: number): string {
  const lead = host === '' ? '' : `${host} `;
  if (ident === '') return lead;
  if (pid !== '') return `${lead}${ident}[${plainPid(pid)}]: `;
  if (ident !== 'kernel') return `${lead}${ident}: `;
  return `${lead}kernel: [${(monotonicUs / 1e6).toFixed(6).padStart(12)}] `;
}

/** A message as one line: its newlines are written `\n`. */
export function oneLine(message: string): string {
  return message.includes('\n') ? message.replaceAll('\n', '\\n') : message;
}

/** SYSLOG_PID is client text: `0x1f` is shown as 31, anything that is no number as it is. */
function plainPid(text: string): string {
  return /^0[xob][0-9a-f]{1,12}$/i.test(text) && !Number.isNaN(Number(text))
    ? String(Number(text))
    : oneLine(text);
}
