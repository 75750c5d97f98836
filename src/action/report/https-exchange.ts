/**
 * One HTTPS request (or HTTP, on this host) with a time limit and a bounded answer. Takes method, URL, headers and body; gives the answer, or how
 * far it came: before the connection was made nothing can have arrived, afterwards it may have.
 * Never rejects, follows no redirection, keeps no connection. The key is in a header alone.
 */
import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { messageOf } from '../../lib/errors.js';

/** A bulk report's answer with every row refused is a third of it. */
const MOST_BYTES = 1024 * 1024;
const PATIENCE_MS = 30_000;

export interface HttpsRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type HttpsOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | undefined>>;
      readonly body: string;
    }
  /** Nothing can have arrived. */
  | { readonly kind: 'unsent'; readonly why: string }
  /** It may have arrived. */
  | { readonly kind: 'in-doubt'; readonly why: string };

export type HttpsExchange = (message: HttpsRequest) => Promise<HttpsOutcome>;

export interface HttpsOptions {
  /** Certificates to trust in place of the system's. */
  readonly ca?: string;
  /** Calls back when it takes too long; gives how to stop waiting. */
  readonly patience?: (giveUp: () => void) => () => void;
  /** An answer that is longer is none. */
  readonly mostBytes?: number;
}

/** After 30 s it is given up. */
function halfAMinute(giveUp: () => void): () => void {
  const timer = setTimeout(giveUp, PATIENCE_MS);
  timer.unref();
  return () => clearTimeout(timer);
}

export function httpsExchange({
  ca,
  patience = halfAMinute,
  mostBytes = MOST_BYTES,
}: HttpsOptions = {}): HttpsExchange {
  return ({ method, url, headers, body }) =>
    new Promise((resolve) => {
      let isConnected = false;
      let stopWaiting = (): void => undefined;
      const end = (outcome: HttpsOutcome): void => {
        stopWaiting();
        sent.destroy();
        resolve(outcome);
      };
      const lost = (why: string): void => end({ kind: isConnected ? 'in-doubt' : 'unsent', why });
      const isPlain = url.startsWith('http:');
      const sent = (isPlain ? requestPlain : request)(url, {
        method,
        agent: false,
        headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
        ...(ca !== undefined && { ca }),
      });
      stopWaiting = patience(() => lost('no answer in time'));
      sent.on('socket', (socket) => {
        // A daemon that ends waits for no answer.
        socket.unref();
        socket.once(isPlain ? 'connect' : 'secureConnect', () => {
          isConnected = true;
        });
      });
      sent.on('error', (error) => lost(messageOf(error)));
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > mostBytes) lost(`an answer of more than ${mostBytes / 1024} KiB`);
        });
        answer.on('error', (error) => lost(messageOf(error)));
        answer.on('aborted', () => lost('the connection ended in the middle of the answer'));
        answer.on('end', () =>
          end({
            kind: 'answered',
            status: answer.statusCode ?? 0,
            headers: firstOf(answer.headers),
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      sent.end(body);
    });
}

function firstOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : value?.[0]]),
  );
}
