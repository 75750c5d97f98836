/**
 * A netlink transport inside a network namespace: a socket belongs to the namespace of the process that opens it, so a
 * process in there holds it and does what it is asked over its IPC channel. Run by tests, which drive it with
 * `netlinkInside`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ElementChange } from '../../src/action/element-change.js';
import { type NetlinkSocket, openNetlinkSocket } from '../../src/action/netlink-socket.js';
import { NftNetlink } from '../../src/action/nft-netlink.js';
import { type NftOutcome, type NftTransport, NftSpawn } from '../../src/action/nft-transport.js';

type Request =
  | { readonly kind: 'break' }
  | { readonly kind: 'run'; readonly script: string }
  | { readonly kind: 'change'; readonly changes: readonly ElementChange[]; readonly nowMs: number };

interface Answer {
  readonly outcome: NftOutcome;
  readonly told: readonly string[];
}

interface Opened {
  readonly mostElements: number;
  /** Why nft is spawned instead. */
  readonly told: readonly string[];
}

export interface InsideTransport extends NftTransport {
  /** Why nft is spawned instead, as far as it was told at the start or when it was broken. */
  readonly told: readonly string[];
  /** Takes its socket away. */
  breakSocket(): Promise<void>;
}

/** `before`: words that run a program inside, e.g. `place.prefix`. */
export async function netlinkInside(t: TestContext, before: readonly string[]): Promise<InsideTransport> {
  const [command, ...words] = [...before, process.execPath, fileURLToPath(import.meta.url), 'serve'];
  const child = spawn(command, words, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  t.after(() => child.kill('SIGKILL'));
  let { mostElements, told } = (await answerOf(child)) as Opened;
  const ask = async (request: Request): Promise<NftOutcome> => {
    child.send(request);
    const answer = (await answerOf(child)) as Answer;
    told = answer.told;
    return answer.outcome;
  };
  return {
    mostElements,
    get told() {
      return told;
    },
    run: (script) => ask({ kind: 'run', script }),
    change: (changes, nowMs) => ask({ kind: 'change', changes: changes.map(plain), nowMs }),
    breakSocket: async () => void (await ask({ kind: 'break' })),
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const answered = new AbortController();
  const gone = once(child, 'exit', { signal: answered.signal }).then(() => {
    throw new Error('the process inside the namespace has ended');
  });
  const [answer]: unknown[] = await Promise.race([once(child, 'message'), gone]);
  answered.abort();
  await gone.catch(() => undefined);
  return answer;
}

/** Without what a message cannot carry; . */
function plain({ set: { name, family }, element, expiresMs, known }: ElementChange): ElementChange {
  return { set: { name, family }, element, expiresMs, known };
}

if (process.argv[2] === 'serve') {
  const told: string[] = [];
  let socket: NetlinkSocket | undefined;
  const transport = await NftNetlink.open(
    new NftSpawn(),
    (why) => told.push(why),
    async () => (socket = await openNetlinkSocket()),
  );
  const obey = (request: Request): Promise<NftOutcome> => {
    if (request.kind === 'run') return transport.run(request.script);
    if (request.kind === 'change') return transport.change(request.changes, request.nowMs);
    socket?.close();
    return Promise.resolve({ kind: 'applied' });
  };
  process.on('message', (request: Request) => {
    void obey(request).then((outcome) => process.send?.({ outcome, told }));
  });
  process.send?.({ mostElements: transport.mostElements, told });
}
