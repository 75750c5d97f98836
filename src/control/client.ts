/**
 * Asks the daemon one thing over its control socket.
 * Takes the socket's path and a request; gives the result, or a BailiffError: the daemon's own, or `control.no-daemon`,
 * `control.not-allowed`, `control.no-answer`. The daemon is trusted: results are taken as the protocol says.
 */
import { connect } from 'node:net';
import { BailiffError } from '../lib/errors.js';
import type { ControlRequest, Reply, Results } from './protocol.js';

export interface RequestLimits {
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly answerBytes: number;
}

/** An answer with every ban of a large host is some tens of megabytes. */
export const defaultRequestLimits: RequestLimits = { timeoutMs: 30_000, answerBytes: 512 * 1024 * 1024 };

/** Sends one request on a connection of its own and waits for its answer. */
export async function request<Request extends ControlRequest>(
  socketPath: string,
  message: Request,
  limits: RequestLimits = defaultRequestLimits,
): Promise<Results[Request['verb']]> {
  const reply = parseReply<Results[Request['verb']]>(
    await exchange(socketPath, `${JSON.stringify(message)}\n`, limits),
    socketPath,
  );
  if (reply.ok) return reply.result;
  throw new BailiffError(reply.error.code, reply.error.message, { remedy: reply.error.remedy });
}

function exchange(socketPath: string, line: string, limits: RequestLimits): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect({ path: socketPath });
    const timer = setTimeout(() => fail(noAnswer(socketPath, 'in time')), limits.timeoutMs);
    const fail = (error: BailiffError): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.once('connect', () => socket.write(line));
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes > limits.answerBytes) return fail(noAnswer(socketPath, 'within the size that is taken'));
      const newline = chunk.indexOf(0x0a);
      chunks.push(newline < 0 ? chunk : chunk.subarray(0, newline));
      if (newline < 0) return;
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    socket.once('error', (error: NodeJS.ErrnoException) => fail(connectError(socketPath, error)));
    socket.once('end', () => fail(noAnswer(socketPath, 'before it closed the connection')));
  });
}

/** The parse boundary: the envelope is checked, the result is the daemon's word. */
function parseReply<Result>(text: string, socketPath: string): Reply<Result> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noAnswer(socketPath, 'in this protocol');
  }
  if (typeof value === 'object' && value !== null && 'ok' in value) {
    if (value.ok === true && 'result' in value) return value as Reply<Result>;
    if (value.ok === false && 'error' in value && isErrorReply(value.error)) return value as Reply<Result>;
  }
  throw noAnswer(socketPath, 'in this protocol');
}

function isErrorReply(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value))
    return false;
  return typeof value.code === 'string' && typeof value.message === 'string';
}

function connectError(socketPath: string, error: NodeJS.ErrnoException): BailiffError {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new BailiffError('control.not-allowed', `You may not open ${socketPath}.`, {
      remedy: 'Run it as root, or join the group bailiff.',
      cause: error,
    });
  }
  return new BailiffError('control.no-daemon', `No daemon answers at ${socketPath}.`, {
    remedy: 'Start it with `bailiff run`, or name its socket with --socket.',
    cause: error,
  });
}

function noAnswer(socketPath: string, how: string): BailiffError {
  return new BailiffError('control.no-answer', `The daemon at ${socketPath} did not answer ${how}.`, {
    remedy: 'Look into its log.',
  });
}
