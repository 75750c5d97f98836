/**
 * What a program prints, piece by piece in one buffer. Node gives new memory to each piece, whose collection is a third of
 * what reading a journal costs; so the pipe is our own where koffi can make one (pipe2(2)), else Node's stream.
 * The next piece is read when the last one has been taken, and so the program waits too.
 */
import type { ChildProcess } from 'node:child_process';
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';

const O_CLOEXEC = 0o2000000;
const PIECE_BYTES = 64 << 10;

/** Takes a piece, which holds until it is taken; undefined: it is. */
export type TakePiece = (piece: Buffer) => Promise<void> | undefined;

export interface PipedProgram {
  readonly child: ChildProcess;
  /** To be called at once. Ends where the output does, or at a piece when `isOver`. Throws what `take` throws. */
  readonly read: (take: TakePiece, isOver: () => boolean) => Promise<void>;
}

interface Ends {
  readonly reading: number;
  readonly writing: number;
  /** close(2): Node's own warns in a thread of a descriptor that Node has not opened. */
  readonly close: (descriptor: number) => void;
}

/** Starts a program, of which `spawned` is told what to take as its standard output. */
export type StartPiped = (spawned: (stdout: number | 'pipe') => ChildProcess) => PipedProgram;

let loaded: Promise<StartPiped> | undefined;

export function loadStartPiped(): Promise<StartPiped> {
  loaded ??= bind()
    .catch(() => () => undefined)
    .then(startWith);
  return loaded;
}

function startWith(makePipe: () => Ends | undefined): StartPiped {
  return (spawned) => {
    const ends = makePipe();
    if (ends === undefined) {
      const child = spawned('pipe');
      return { child, read: (take, isOver) => readStream(child.stdout ?? [], take, isOver) };
    }
    const { reading, writing, close } = ends;
    try {
      return { child: spawned(writing), read: (take, isOver) => readPipe(reading, take, isOver) };
    } catch (error) {
      close(reading);
      throw error;
    } finally {
      close(writing);
    }
  };
}

async function readStream(
  stream: AsyncIterable<unknown> | Iterable<unknown>,
  take: TakePiece,
  isOver: () => boolean,
): Promise<void> {
  for await (const piece of stream) {
    if (isOver()) return;
    if (Buffer.isBuffer(piece)) await take(piece);
  }
}

function readPipe(fd: number, take: TakePiece, isOver: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => {
      reject(error);
      socket.destroy();
    };
    /** Gives whether to read on. */
    const taken = (length: number, bytes: Uint8Array): boolean => {
      if (isOver()) {
        socket.destroy();
        return false;
      }
      const wait = take(Buffer.from(bytes.buffer, bytes.byteOffset, length));
      wait?.then(() => socket.resume(), failed);
      return wait === undefined;
    };
    const onread = { buffer: Buffer.allocUnsafeSlow(PIECE_BYTES), callback: taken };
    const options: SocketConstructorOpts & ConnectOpts = { fd, readable: true, writable: false, onread };
    const socket = new Socket(options);
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

async function bind(): Promise<() => Ends | undefined> {
  const { default: koffi } = await import('koffi');
  const libc = koffi.load(null);
  const pipe2: (...values: unknown[]) => unknown = libc.func('int pipe2(void *ends, int flags)');
  const close: (descriptor: number) => void = libc.func('int close(int descriptor)');
  const fds = new Int32Array(2);
  return () => {
    if (Number(pipe2(fds, O_CLOEXEC)) !== 0) return undefined;
    const [reading = -1, writing = -1] = fds;
    return { reading, writing, close };
  };
}
