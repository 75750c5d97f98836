/**
 * The daemon's control socket: accepts connections within quotas and lets each converse with the port.
 * Takes a path and the port; gives a handle to close it. No input from a client can end it: a bad request is answered,
 * a bad connection is cut off.
 */
import { type Socket, createServer } from 'node:net';
import { messageOf } from '../lib/errors.js';
import { answerLine, refusalLine } from './answer.js';
import { Conversation, type ConversationLimits } from './conversation.js';
import { type PeerReader, loadPeerReader } from './peer-credentials.js';
import type { ControlPort } from './port.js';
import { REQUEST_BYTES } from './protocol.js';
import { ConnectionQuota, type ConnectionLimits } from './quota.js';
import { listenAt } from './socket-place.js';

export type ControlLimits = ConnectionLimits & ConversationLimits;

export const defaultLimits: ControlLimits = {
  connections: 64,
  perUser: 32,
  reserved: 8,
  requestBytes: REQUEST_BYTES,
  idleMs: 30_000,
  drainMs: 10_000,
};

/** How long somebody who is turned away may take to read why. */
const TURN_AWAY_MS = 1000;

/** How many of them at a time; further ones are cut off without a word, so that a flood holds no descriptors. */
const TURNED_AWAY = 16;

/** How long answers that are due may still take when the server closes. */
const CLOSE_MS = 1000;

export interface ControlServerOptions {
  readonly socketPath: string;
  readonly port: ControlPort;
  /** Told what the admin should know: our own errors, a group that could not be set. */
  readonly onProblem: (text: string) => void;
  readonly limits?: Partial<ControlLimits>;
  /** Who is at the other end; SO_PEERCRED unless a test says otherwise. */
  readonly readPeer?: PeerReader;
}

export interface ControlServer {
  readonly socketPath: string;
  /** Connections open now. */
  readonly open: number;
  /** Takes no more, gives the answers that are due, removes the socket. */
  close(): Promise<void>;
}

/** @throws BailiffError `control.already-running`, `control.not-a-socket`, `control.path`. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { socketPath, port, onProblem } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const readPeer = options.readPeer ?? (await loadPeerReader());
  const quota = new ConnectionQuota(limits);
  const conversations = new Map<Socket, Conversation>();
  const turnedAway = new Set<Socket>();

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // A peer that vanishes is its own business.
    socket.on('error', () => socket.destroy());
    const uid = readPeer(socket);
    const privileged = uid !== undefined && (uid === 0 || uid === process.geteuid?.());
    if (!quota.enter(uid, privileged)) {
      if (turnedAway.size >= TURNED_AWAY) socket.destroy();
      else turnAway(socket, turnedAway);
      return;
    }
    const answer = (line: string) => answerLine(line, { privileged }, port, onProblem);
    conversations.set(socket, new Conversation(socket, answer, limits));
    socket.on('close', () => {
      quota.leave(uid);
      conversations.delete(socket);
    });
  });
  await listenAt(server, socketPath, onProblem);
  server.on('error', (error) => onProblem(`Control socket: ${messageOf(error)}.`));

  return {
    socketPath,
    get open() {
      return quota.open;
    },
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of [...conversations.keys(), ...turnedAway]) socket.destroy();
        }, CLOSE_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        for (const conversation of conversations.values()) conversation.finish();
      }),
  };
}

function turnAway(socket: Socket, turnedAway: Set<Socket>): void {
  turnedAway.add(socket);
  socket.end(refusalLine('control.busy', 'Too many connections.', 'Close some, or try again as root.'));
  // A client that is still writing would meet a broken pipe instead of the answer.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), TURN_AWAY_MS);
  socket.once('close', () => {
    clearTimeout(timer);
    turnedAway.delete(socket);
  });
}
