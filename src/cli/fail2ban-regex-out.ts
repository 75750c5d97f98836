/**
 * What `fail2ban-regex -o TOKEN` prints of each failure: an id, an address, a row, a field, or a text with tags.
 * Takes the token; gives a function from failures to lines. Tags are filled in once, so that no text of a log is one.
 */
import { isIP } from 'node:net';
import type { Finding } from '../jail/regex-trial-request.js';
import { numberOf } from '../lib/address.js';
import { fieldRepr, fieldsRepr, fieldText, isLines, timeText } from './field-repr.js';

type Formatted = (findings: readonly Finding[]) => readonly string[];

const MESSAGE = '\0msg\0';

export function formatOf(token: string): Formatted {
  if (token === 'id' || token === 'fid') return (findings) => findings.map(idText);
  if (token === 'ip') return (findings) => findings.map(addressText);
  if (token === 'msg') return (findings) => findings.flatMap(messages);
  if (token === 'row') return (findings) => findings.map(row);
  if (!token.includes('<')) {
    return (findings) =>
      findings.map(({ fields }) => {
        const value = fields.get(token);
        return value === undefined ? 'None' : fieldText(value);
      });
  }
  return (findings) => withTags(token, findings);
}

function row({ id, time, fields }: Finding): string {
  return `[${fieldRepr(id ?? null)},\t${timeText(time)},\t${fieldsRepr(fields, 'matches')}],`;
}

/** A failure of several lines makes a line of each; then all wait for the last, as in Fail2Ban. */
function withTags(format: string, findings: readonly Finding[]): readonly string[] {
  const at: string[] = [];
  const waiting: { readonly finding: Finding; readonly text: string }[] = [];
  let isMany = false;
  for (const finding of findings) {
    const lines = messages(finding);
    isMany ||= format.includes('<msg>') && lines.length > 1;
    const many = isMany;
    const text = format.replace(/<([^ <>]+)>/g, (tag, name: string) => {
      if (name === 'msg') return many ? MESSAGE : lines.join('\n');
      return tagText(name, finding)?.replaceAll('\0', '\\x00') ?? tag;
    });
    if (many) waiting.push({ finding, text });
    else at.push(text);
  }
  for (const { finding, text } of waiting)
    for (const message of messages(finding)) at.push(text.replaceAll(MESSAGE, () => message));
  return at;
}

/** undefined: no such tag, and it stays. */
function tagText(name: string, finding: Finding): string | undefined {
  const address = addressText(finding);
  const isSix = address.includes(':');
  switch (name) {
    case 'ip':
      return address;
    case 'fid':
      return idText(finding);
    case 'family':
      return isIP(address) === 0 ? 'None' : isSix ? 'inet6' : 'inet4';
    case 'ip-rev':
      return isIP(address) === 0 ? '' : reversed(address, isSix);
    case 'time':
      return timeText(finding.time);
    case 'failures':
      return fieldText(finding.fields.get('failures') ?? 0);
    case 'bancount':
    case 'restored':
      return '0';
    case 'matches':
      return messages(finding).join('\n');
    case 'br':
      return '\n';
    case 'sp':
      return ' ';
    default:
      return customTag(name, finding);
  }
}

function customTag(name: string, { fields }: Finding): string | undefined {
  const label = /^F-([A-Z0-9_-]+)$/.exec(name)?.[1]?.toLowerCase();
  if (label === undefined) return undefined;
  const value = fields.get(label === 'id' ? 'fid' : label === 'port' ? 'fport' : label);
  return value === undefined || value === null ? '' : fieldText(value);
}

function reversed(address: string, isSix: boolean): string {
  if (!isSix) return `${address.split('.').reverse().join('.')}.`;
  const nibbles = numberOf(address).toString(16).padStart(32, '0').split('');
  return `${nibbles.reverse().join('.')}.`;
}

function messages({ fields }: Finding): readonly string[] {
  const lines = fields.get('matches');
  return isLines(lines) ? lines.map((line) => line.join('')) : [];
}

function idText({ id }: Finding): string {
  return id ?? 'None';
}

function addressText(finding: Finding): string {
  const address = finding.fields.get('ip');
  return typeof address === 'string' ? address : idText(finding);
}
