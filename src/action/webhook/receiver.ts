/**
 * Where messages go and how it wants them: a webhook of one's own, ntfy, Slack and what speaks like it, Apprise.
 * Takes the parameters of the action; gives the receiver, or a BailiffError. A value `file:/path` or `credential:NAME`
 * is read from there. What is secret is handed on to the carrier alone.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BailiffError, messageOf } from '../../lib/errors.js';
import { isMissing } from '../../lib/missing-file.js';
import type { ActionDefect } from '../options.js';
import { parameterDefects } from '../parameter-defects.js';

export type Receiver =
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string }
  | { readonly kind: 'ntfy'; readonly url: string; readonly topic: string; readonly token: string }
  | { readonly kind: 'slack'; readonly url: string }
  | { readonly kind: 'apprise'; readonly configuration: string };

export const RECEIVER_KINDS = ['webhook', 'ntfy', 'slack', 'apprise'] as const;

type Parameters = Readonly<Record<string, string>>;

/** @throws BailiffError `action.webhook-url`, `action.webhook-secret` or `action.webhook-arguments`. */
export function receiverOf(
  kind: Receiver['kind'],
  parameters: Parameters,
  credentials: string | undefined = process.env['CREDENTIALS_DIRECTORY'],
): Receiver {
  const read = (name: string): string => valueOf(name, parameters[name]?.trim() ?? '', credentials);
  switch (kind) {
    case 'webhook':
      return { kind, url: urlOf('webhook_url', read('webhook_url')), secret: read('webhook_secret') };
    case 'ntfy': {
      const { url, topic } = topicOf(read('ntfy_url'));
      return { kind, url, topic, token: headerSafe('ntfy_token', read('ntfy_token')) };
    }
    case 'slack':
      return { kind, url: urlOf('slack_webhook_url', read('slack_webhook_url')) };
    case 'apprise':
      return { kind, configuration: configurationOf(parameters['args'] ?? '') };
  }
}

/** The parameters of each kind that can be wrong. */
const READINGS: Readonly<Record<Receiver['kind'], Readonly<Record<string, (text: string) => unknown>>>> = {
  webhook: { webhook_url: (text) => urlOf('webhook_url', text), webhook_secret: () => undefined },
  ntfy: { ntfy_url: topicOf, ntfy_token: (text) => headerSafe('ntfy_token', text) },
  slack: { slack_webhook_url: (text) => urlOf('slack_webhook_url', text) },
  apprise: { args: configurationOf },
};

/** What of the parameters does not hold, whoever reads them: what only Bailiff's user is handed is left to him. */
export function receiverDefects(kind: Receiver['kind'], parameters: Parameters): readonly ActionDefect[] {
  return parameterDefects(
    Object.entries(READINGS[kind]).map(([parameter, read]) => [
      parameter,
      () => {
        const text = parameters[parameter]?.trim() ?? '';
        if (text.startsWith('credential:')) return;
        try {
          read(valueOf(parameter, text, undefined));
        } catch (error) {
          const isOurs = error instanceof BailiffError && error.cause !== undefined;
          if (!isOurs || isMissing(error.cause)) throw error;
        }
      },
    ]),
  );
}

/** A name for it that gives nothing away: kind, host, and four digits by which two at one host differ. */
export function labelOf(receiver: Receiver): string {
  if (receiver.kind === 'apprise') return `apprise ${receiver.configuration}`;
  const whole = receiver.kind === 'ntfy' ? receiver.url + receiver.topic : receiver.url;
  const mark = createHash('sha256').update(whole).digest('hex').slice(0, 4);
  return `${receiver.kind} ${new URL(receiver.url).host} (${mark})`;
}

function valueOf(name: string, text: string, credentials: string | undefined): string {
  const [, from, place = ''] = /^(file|credential):(.+)$/.exec(text) ?? [];
  if (from === undefined) return text;
  try {
    return readFileSync(
      from === 'file' ? place : join(credentials ?? '', place.replaceAll('/', '')),
      'utf8',
    ).trim();
  } catch (error) {
    throw new BailiffError('action.webhook-secret', `\`${name}\` cannot be read: ${messageOf(error)}.`, {
      remedy: 'Let the user that Bailiff runs as read the file, or hand it over with LoadCredential=.',
      cause: error,
    });
  }
}

function topicOf(text: string): { readonly url: string; readonly topic: string } {
  const url = urlOf('ntfy_url', text);
  const [, server = '', topic = ''] = /^(https?:\/\/.+)\/([A-Za-z0-9_-]{1,64})$/.exec(url) ?? [];
  if (topic === '') throw wrongUrl('ntfy_url', 'names no topic');
  return { url: `${server}/`, topic };
}

/** What is in it is told nobody: it may be the secret. */
function urlOf(name: string, text: string): string {
  if (text === '') throw wrongUrl(name, 'is not set');
  if (!/^https?:\/\/[^\s#@]+$/.test(text) || !URL.canParse(text)) throw wrongUrl(name, 'is no https address');
  const { protocol, hostname } = new URL(text);
  const isHere = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  if (protocol === 'http:' && !isHere) throw wrongUrl(name, 'would go unencrypted over the network');
  return text.replace(/\/+$/, '');
}

function wrongUrl(name: string, what: string): BailiffError {
  return new BailiffError('action.webhook-url', `\`${name}\` ${what}.`, {
    remedy: 'Write https://HOST/PATH; http only to this host itself.',
  });
}

function headerSafe(name: string, text: string): string {
  if (/^[\x21-\x7e]{0,512}$/.test(text)) return text;
  throw new BailiffError('action.webhook-secret', `\`${name}\` holds what no token holds.`, {
    remedy: 'Copy it again, alone and on one line.',
  });
}

/** `--config /path` of the action that Fail2Ban has for it. */
function configurationOf(text: string): string {
  const path = /^\s*(?:(?:-c|--config)[= ]\s*)?(\/[^\s'"]+)\s*$/.exec(text)?.[1];
  if (path !== undefined) return path;
  throw new BailiffError('action.webhook-arguments', '`args` of apprise is not `--config /path`.', {
    remedy: 'Write the services into a file of Apprise, and name it: their addresses are secret.',
  });
}
