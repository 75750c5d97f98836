/**
 * Answers one request line: parses it, checks that this peer may ask it, asks the daemon, spells the reply.
 * Takes a line, the peer and the port; gives the reply as one JSON line in pieces, at once where the port
 * answers at once.
 * Never throws. Does not read or write sockets.
 */
import { BailiffError, messageOf } from '../lib/errors.js';
import { visible } from '../lib/visible-text.js';
import { jsonLinePieces } from './json-pieces.js';
import { parseRequest, readRequestLine } from './parse-request.js';
import type { Answer, ControlPort } from './port.js';
import {
  type ControlRequest,
  type ErrorReply,
  type RequestId,
  type Results,
  isPrivileged,
} from './protocol.js';

/** Entries a list of `top` has unless the request says otherwise. */
const TOP_LIMIT = 10;
/** The same for reports. */
const REPORTS_LIMIT = 100;

export interface Asker {
  /** Whether it may send privileged verbs. */
  readonly privileged: boolean;
}

/** A reply line, newline included: what to write at once, and what is spelled when that is read. */
export interface ReplyPieces {
  readonly first: string;
  readonly rest: Iterator<string, undefined>;
}

/** The reply. `onInternal` hears of errors that are ours, not the client's. */
export function answerLine(
  line: string,
  asker: Asker,
  port: ControlPort,
  onInternal: (text: string) => void,
): Answer<ReplyPieces> {
  let id: RequestId | undefined;
  const failed = (thrown: unknown): ReplyPieces =>
    replyPieces({ id, ok: false, error: errorOf(thrown, onInternal) });
  try {
    const read = readRequestLine(line);
    id = read.id;
    const request = parseRequest(read.fields);
    if (isPrivileged(request) && !asker.privileged)
      throw denied(request.verb === 'fail2ban' ? request.words.slice(0, 3).join(' ') : request.verb);
    const result = ask(request, port);
    if (!(result instanceof Promise)) return replyPieces({ id, ok: true, result });
    return result.then((value) => replyPieces({ id, ok: true, result: value })).catch(failed);
  } catch (thrown) {
    return failed(thrown);
  }
}

/** The reply for a connection that is turned away before it asked anything. */
export function refusalLine(code: string, message: string, remedy: string): string {
  return `${JSON.stringify({ ok: false, error: { code, message, remedy } })}\n`;
}

function ask(request: ControlRequest, port: ControlPort): Answer<Results[keyof Results]> {
  switch (request.verb) {
    case 'ping':
      return 'pong';
    case 'version':
      return port.version();
    case 'status':
      return port.status();
    case 'jail':
      return port.jail(request.jail);
    case 'banned':
      return port.banned(request.jail);
    case 'ban':
      return port.ban(request.jail, request.targets, request.forSeconds);
    case 'unban':
      return port.unban(request.targets, request.jail);
    case 'unban-all':
      return port.unbanAll();
    case 'release':
      return port.release(request.jail);
    case 'explain':
      return port.explain(request.address);
    case 'top':
      return port.top(request.limit ?? TOP_LIMIT);
    case 'reports':
      return port.reports(request.limit ?? REPORTS_LIMIT);
    case 'reports-preview':
      return port.reportsPreview(request.limit ?? REPORTS_LIMIT);
    case 'reports-flush':
      return port.reportsFlush();
    case 'reports-forget':
      return port.reportsForget(request.address);
    case 'stop':
      return after(port.stop(), { stopping: true });
    case 'reload':
      return port.reload();
    case 'fail2ban':
      return port.fail2ban(request.words);
    default:
      return unreachable(request);
  }
}

function unreachable(request: never): never {
  throw new Error(`no answer for ${JSON.stringify(request)}`);
}

function after<Result>(done: Answer<void>, result: Result): Answer<Result> {
  return done instanceof Promise ? done.then(() => result) : result;
}

function errorOf(thrown: unknown, onInternal: (text: string) => void): ErrorReply {
  if (thrown instanceof BailiffError)
    return { code: thrown.code, message: thrown.message, remedy: thrown.remedy };
  onInternal(thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown));
  return {
    code: 'control.internal',
    message: 'The daemon could not answer.',
    remedy: 'Its log tells why; please report it.',
  };
}

function denied(verb: string): BailiffError {
  return new BailiffError('control.denied', `\`${visible(verb)}\` is for root and the daemon's own user.`, {
    remedy: 'Run it as root.',
  });
}

/** What cannot be spelled fails here, before anything is written. */
function replyPieces(reply: object): ReplyPieces {
  const rest = jsonLinePieces(reply);
  return { first: rest.next().value ?? '', rest };
}
