/**
 * A message as each kind of receiver wants it: one HTTP request. Takes receiver, message and time; gives the request.
 * A webhook of one's own is signed: HMAC-SHA256 over time, a dot and the body. Does not send.
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { HttpsRequest } from '../report/https-exchange.js';
import type { BanNote, Message } from '../message/message.js';
import type { Receiver } from './receiver.js';

/** ntfy makes a file of what is longer (4096 bytes); Slack cuts at 40,000 characters. */
const LONGEST = { ntfy: 3500, slack: 12_000 } as const;

export function webhookRequest(
  receiver: Exclude<Receiver, { readonly kind: 'apprise' }>,
  message: Message,
  host: string,
  nowMs: number,
): HttpsRequest {
  const post = (body: object, headers: Readonly<Record<string, string>> = {}): HttpsRequest => ({
    method: 'POST',
    url: receiver.url,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  switch (receiver.kind) {
    case 'webhook': {
      const request = post({
        event: message.bans.length === 0 ? 'notice' : 'ban',
        id: randomUUID(),
        host,
        title: message.title,
        sentAt: new Date(nowMs).toISOString(),
        bans: message.bans.map(banJson),
      });
      return {
        ...request,
        headers: { ...request.headers, ...signature(receiver.secret, request.body, nowMs) },
      };
    }
    case 'ntfy':
      return post(
        { topic: receiver.topic, title: message.title, message: cut(message.text, LONGEST.ntfy) },
        receiver.token === '' ? {} : { Authorization: `Bearer ${receiver.token}` },
      );
    case 'slack':
      return post({ text: `*${escaped(message.title)}*\n${escaped(cut(message.text, LONGEST.slack))}` });
  }
}

/** `sha256=` HEX over `SECONDS.BODY`, with SECONDS in a header of its own, so that an old request is known for one. */
export function signature(secret: string, body: string, nowMs: number): Readonly<Record<string, string>> {
  if (secret === '') return {};
  const seconds = String(Math.floor(nowMs / 1000));
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return { 'X-Bailiff-Timestamp': seconds, 'X-Bailiff-Signature': `sha256=${mac}` };
}

function banJson({ jail, target, address, bannedAtMs, untilMs, failures, isByHand }: BanNote): object {
  return {
    jail,
    target,
    address: address ?? null,
    bannedAt: new Date(bannedAtMs).toISOString(),
    until: untilMs === undefined ? null : new Date(untilMs).toISOString(),
    failures,
    byHand: isByHand,
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}\n…`;
}

/** Slack's own three: without them nothing in a text can name a channel or a link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
