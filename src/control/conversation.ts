/**
 * One connection of the control socket: reads a request, answers it, and only then reads the next.
 * The first request of a chunk is answered in the same turn of the event loop, further ones one a turn, so that no
 * client waits behind another's pipeline. Who dawdles, sends too much or does not read is cut off.
 * Takes the socket and a function that answers a line; does not know verbs.
 */
import type { Socket } from 'node:net';
import { type ReplyPieces, refusalLine } from './answer.js';
import type { Answer } from './port.js';
import { RequestLines } from './request-lines.js';

export interface ConversationLimits {
  readonly requestBytes: number;
  /** A whole request must have come this long after the last answer. */
  readonly idleMs: number;
  /** An answer must have been read this long after it was written. */
  readonly drainMs: number;
}

export class Conversation {
  readonly #socket: Socket;
  readonly #answer: (line: string) => Answer<ReplyPieces>;
  readonly #limits: ConversationLimits;
  readonly #lines: RequestLines;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  /** The client has sent all it will. */
  #ended = false;
  /** Nothing more is read: what is due is written, then it closes. */
  #closing = false;

  constructor(socket: Socket, answer: (line: string) => Answer<ReplyPieces>, limits: ConversationLimits) {
    this.#socket = socket;
    this.#answer = answer;
    this.#limits = limits;
    this.#lines = new RequestLines(limits.requestBytes);
    socket.on('data', (chunk: Buffer) => {
      if (this.#closing) return;
      this.#lines.push(chunk);
      if (!this.#busy) this.#next();
    });
    socket.on('end', () => {
      this.#ended = true;
      if (!this.#busy && !this.#closing) this.#next();
    });
    socket.on('close', () => clearTimeout(this.#timer));
    this.#cutOffAfter(limits.idleMs);
  }

  /** No more requests; an answer that is due is still given. */
  finish(): void {
    if (this.#closing) return;
    if (this.#busy) this.#closing = true;
    else this.#close();
  }

  #next(): void {
    const line = this.#closing ? undefined : this.#lines.take();
    if (line !== undefined) {
      this.#begin(line);
    } else if (this.#lines.tooLong) {
      const limit = `A request has at most ${this.#limits.requestBytes} bytes.`;
      this.#close(refusalLine('control.too-large', limit, 'Send fewer targets at a time.'));
    } else if (this.#ended || this.#closing) {
      this.#close();
    } else this.#socket.resume();
  }

  /** Says the last word; what still comes is thrown away, so that the client can read it. */
  #close(last = ''): void {
    this.#closing = true;
    this.#socket.end(last);
    this.#socket.resume();
    this.#cutOffAfter(this.#limits.drainMs);
  }

  #begin(line: string): void {
    this.#busy = true;
    this.#socket.pause();
    const reply = this.#answer(line);
    if (!(reply instanceof Promise)) return this.#write(reply.first, reply.rest);
    clearTimeout(this.#timer);
    reply.then(
      ({ first, rest }) => this.#write(first, rest),
      () => this.#socket.destroy(),
    );
  }

  /** One piece a turn, and none before the last one was taken. */
  #write(piece: string, rest: ReplyPieces['rest']): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    const taken = this.#socket.write(piece);
    const next = rest.next();
    const goOn = (): void => {
      if (next.done === true) this.#written();
      else this.#write(next.value, rest);
    };
    if (!taken) {
      this.#cutOffAfter(this.#limits.drainMs);
      this.#socket.once('drain', goOn);
    } else if (next.done === true) goOn();
    else setImmediate(goOn);
  }

  #written(): void {
    this.#cutOffAfter(this.#limits.idleMs);
    if (!this.#lines.hasWhole) return this.#free();
    setImmediate(() => this.#free());
  }

  #free(): void {
    this.#busy = false;
    if (!this.#socket.destroyed) this.#next();
  }

  #cutOffAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#socket.destroy(), ms);
    this.#timer.unref();
  }
}
