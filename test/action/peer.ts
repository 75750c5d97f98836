/**
 * A process inside a network namespace that listens and connects when told: one JSON command per line on stdin, one
 * JSON answer per line on stdout. Run by network tests, which drive it with `Peer`.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { type Socket, connect, createServer } from 'node:net';
import { type Interface, createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import type { NetworkNamespace } from './network-namespace.js';

/** open: connected and echoed; refused: answered with no; silent: nothing came within the limit. */
export type Answer = 'open' | 'refused' | 'silent' | 'listening';

interface Command {
  readonly what: 'listen' | 'connect' | 'hold' | 'talk' | 'bounce';
  readonly port: number;
  readonly from?: string;
  readonly to?: string;
}

/** Long enough for a namespace on this machine to answer, short enough to wait for silence. */
const SILENCE_MS = 500;

export class Peer {
  readonly #answers: Interface;
  readonly #write: (text: string) => void;
  readonly #waiting: ((answer: Answer) => void)[] = [];

  constructor(t: TestContext, place: NetworkNamespace) {
    const [command, ...words] = [...place.prefix, process.execPath, fileURLToPath(import.meta.url), 'serve'];
    const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    this.#write = (text) => child.stdin.write(text);
    this.#answers = createInterface(child.stdout);
    this.#answers.on('line', (line) => this.#waiting.shift()?.(JSON.parse(line) as Answer));
  }

  ask(command: Command): Promise<Answer> {
    this.#write(`${JSON.stringify(command)}\n`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  listen(port: number): Promise<Answer> {
    return this.ask({ what: 'listen', port });
  }

  /** A new connection. */
  connect(from: string, to: string, port: number): Promise<Answer> {
    return this.ask({ what: 'connect', from, to, port });
  }

  /** A connection that stays; `talk` speaks on it. */
  hold(from: string, to: string, port: number): Promise<Answer> {
    return this.ask({ what: 'hold', from, to, port });
  }

  /** `refused` when a datagram to a port where nobody listens comes back as an ICMP error. */
  bounce(to: string): Promise<Answer> {
    return this.ask({ what: 'bounce', to, port: 9 });
  }

  talk(port: number): Promise<Answer> {
    return this.ask({ what: 'talk', port });
  }
}

const held = new Map<number, Socket>();

function obey({ what, port, from = '', to = '' }: Command): Promise<Answer> {
  if (what === 'listen') return listen(port);
  if (what === 'bounce') return bounce(to, port);
  if (what === 'talk') return echo(held.get(port));
  const socket = connect({ port, host: to, localAddress: from });
  return echo(socket).then((answer) => {
    if (what === 'hold') held.set(port, socket);
    else socket.destroy();
    return answer;
  });
}

function listen(port: number): Promise<Answer> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.pipe(socket);
    });
    server.listen(port, '::', () => resolve('listening'));
  });
}

function bounce(to: string, port: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4');
    const done = (answer: Answer): void => {
      clearTimeout(limit);
      socket.close();
      resolve(answer);
    };
    const limit = setTimeout(() => done('silent'), 4 * SILENCE_MS);
    socket.once('error', () => done('refused'));
    socket.connect(port, to, () => socket.send('.'));
  });
}

function echo(socket: Socket | undefined): Promise<Answer> {
  return new Promise((resolve) => {
    if (socket === undefined || socket.destroyed) return resolve('refused');
    const limit = setTimeout(() => resolve('silent'), SILENCE_MS);
    const done = (answer: Answer): void => {
      clearTimeout(limit);
      resolve(answer);
    };
    socket.once('error', () => done('refused'));
    socket.once('data', () => done('open'));
    socket.write('.');
  });
}

if (process.argv[2] === 'serve') {
  for await (const line of createInterface(process.stdin)) {
    const answer = await obey(JSON.parse(line) as Command);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
