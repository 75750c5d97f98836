/**
 * Elements straight into the kernel: one transaction over a netlink socket of our own, without nft and its look at every
 * other table. Takes changes of elements; scripts (tables, sets, rules) go to the spawned nft behind it, and so does
 * everything where the socket is of no use. One at a time; the main thread goes on meanwhile.
 */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { messageOf } from '../lib/errors.js';
import type { ElementChange } from './element-change.js';
import { NetlinkReply } from './netlink-reply.js';
import { type NetlinkSocket, openNetlinkSocket } from './netlink-socket.js';
import { type NetlinkRequest, encodeBatch, encodeProbe } from './nft-batch.js';
import type { NftOutcome, NftTransport } from './nft-transport.js';

const { EACCES, EAGAIN, EINTR, EMSGSIZE, ENOBUFS, ENOENT, ENOMEM, EPERM } = constants.errno;
/** A signal that comes in between is no failure; so many in a row are. */
const MOST_INTERRUPTIONS = 8;
/** More than the messages of a batch, and what is left of an earlier one. */
const MOST_DATAGRAMS = 1000;
/** As a spawned nft has. */
const TIME_LIMIT_MS = 60_000;
/** Sequence numbers have 32 bits; a batch takes a few. */
const LAST_SEQUENCE = 0xfff0_0000;

interface Broken {
  readonly kind: 'broken';
  readonly text: string;
}

export class NftNetlink implements NftTransport {
  /** So few that the kernel is done with them in a millisecond or two, and that they fit the socket as it is by default. */
  readonly mostElements = 1000;
  readonly #spawned: NftTransport;
  readonly #tell: (why: string) => void;
  #socket: NetlinkSocket | undefined;
  #sequence = 1;

  private constructor(socket: NetlinkSocket, spawned: NftTransport, tell: (why: string) => void) {
    this.#socket = socket;
    this.#spawned = spawned;
    this.#tell = tell;
  }

  /**
   * Opens the socket and asks the kernel something harmless through it. Gives `spawned` itself where koffi, the socket
   * or the right is missing. `tell` hears, once, why `spawned` does the work, now or later.
   */
  static async open(
    spawned: NftTransport,
    tell: (why: string) => void,
    openSocket: () => Promise<NetlinkSocket> = openNetlinkSocket,
  ): Promise<NftTransport> {
    try {
      const socket = await openSocket();
      const opened = new NftNetlink(socket, spawned, tell);
      const outcome = await opened.#transact(socket, encodeProbe(opened.#sequence++));
      if (outcome.kind === 'applied') return opened;
      if (outcome.kind !== 'broken') socket.close();
      tell(outcome.text);
    } catch (error) {
      tell(messageOf(error));
    }
    return spawned;
  }

  run(script: string): Promise<NftOutcome> {
    return this.#spawned.run(script);
  }

  async listChain(): Promise<string | undefined> {
    return this.#spawned.listChain?.();
  }

  async change(changes: readonly ElementChange[], nowMs: number): Promise<NftOutcome> {
    const socket = this.#socket;
    if (socket === undefined) return this.#spawned.change(changes, nowMs);
    const request = this.#encode(changes, nowMs);
    if ('kind' in request) return request;
    this.#sequence = request.lastSequence < LAST_SEQUENCE ? request.lastSequence + 2 : 1;
    const outcome = await this.#transact(socket, request);
    if (outcome.kind !== 'broken') return outcome;
    this.#socket = undefined;
    this.#tell(outcome.text);
    return this.#spawned.change(changes, nowMs);
  }

  /** What cannot be written is refused, so that the one that is at fault is found. */
  #encode(changes: readonly ElementChange[], nowMs: number): NetlinkRequest | NftOutcome {
    try {
      return encodeBatch(changes, nowMs, this.#sequence) ?? { kind: 'applied' };
    } catch (error) {
      return { kind: 'refused', text: messageOf(error) };
    }
  }

  /** What became of a request; `broken` where it could not even be sent, and the socket is of no use any more. */
  async #transact(socket: NetlinkSocket, request: NetlinkRequest): Promise<NftOutcome | Broken> {
    let sent = await inTime(socket.send(request.bytes));
    for (let times = 0; sent === EINTR && times < MOST_INTERRUPTIONS; times += 1)
      sent = await inTime(socket.send(request.bytes));
    // Not closed: a thread still has it.
    if (sent === undefined) return { kind: 'broken', text: `not done in ${TIME_LIMIT_MS / 1000} s` };
    if (sent === EMSGSIZE || sent === ENOBUFS || sent === ENOMEM) return outcomeOf(sent);
    if (sent !== 0) {
      socket.close();
      return { kind: 'broken', text: sayErrno(sent) };
    }
    const reply = new NetlinkReply(request);
    for (let count = 0; count < MOST_DATAGRAMS; count += 1) {
      const datagram = socket.receive();
      if (datagram === EINTR) continue;
      if (datagram === EAGAIN) break;
      if (typeof datagram === 'number') return outcomeOf(datagram);
      reply.take(datagram);
    }
    if (reply.errno !== 0) return outcomeOf(reply.errno);
    return reply.isAnswered ? { kind: 'applied' } : { kind: 'lost', text: 'the kernel gave no answer' };
  }
}

/** Undefined where it takes too long. */
function inTime(sending: Promise<number>): Promise<number | undefined> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    limit = setTimeout(() => resolve(undefined), TIME_LIMIT_MS);
  });
  return Promise.race([sending, late]).finally(() => clearTimeout(limit));
}

/** The same meanings that nft's exit and its text have in `NftSpawn`. A batch that is too long is halved like one that is refused. */
function outcomeOf(errno: number): NftOutcome {
  const text = sayErrno(errno);
  if (errno === EPERM || errno === EACCES) return { kind: 'denied', text };
  if (errno === ENOENT) return { kind: 'gone', text };
  if (errno === ENOBUFS || errno === ENOMEM || errno === EINTR || errno === EAGAIN)
    return { kind: 'lost', text };
  return { kind: 'refused', text };
}

function sayErrno(errno: number): string {
  const [name, words] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown error'];
  return `${words} (${name})`;
}
