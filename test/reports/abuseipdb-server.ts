/**
 * AbuseIPDB on this host, over HTTPS, with every fault that a service or the way to it can have.
 * Takes a fault for each request, and for each connection; a hanging one costs half a minute of the clock that is handed in,
 * and no real time.
 */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createDoor, type Server as Door, type Socket } from 'node:net';
import type { AbuseIpdbRules, Reply } from './abuseipdb-rules.js';
import type { Certificate } from './certificate.js';

export const FAULTS = [
  'http-400', 'http-402', 'http-403', 'http-404', 'http-408', 'http-500', 'http-502', 'http-503', 'http-504',
  'page-200', 'page-302', 'page-403', 'page-429', 'page-500', 'accepted-page-500', 'accepted-502', 'json-500',
  'reset', 'accepted-reset', 'accepted-half', 'accepted-huge', 'bytes', 'hang', 'accepted-hang', 'slow', 'not-json', 'empty',
] as const; // prettier-ignore
/** Not at random: these end what they meet. The last says the key aloud. */
export const REFUSALS = ['json-422', 'echo-401'] as const;
export type Fault = (typeof FAULTS)[number] | (typeof REFUSALS)[number];

/** What may become of a connection before anything is asked: nothing can have arrived. */
export const DOORS = [
  'wrong-certificate', 'no-tls', 'shut', 'shut-in-handshake', 'hang-in-handshake',
] as const; // prettier-ignore
export type DoorFault = (typeof DOORS)[number];

export interface ServerParts {
  readonly rules: AbuseIpdbRules;
  readonly certificate: Certificate;
  readonly door?: () => DoorFault | undefined;
  /** Shown where the certificate is to be wrong. */
  readonly wrongCertificate?: Certificate;
  readonly fault: (request: IncomingMessage) => Fault | undefined;
  /** Every request with its body, before anything becomes of it. */
  readonly hears?: (path: string, body: string) => void;
  /** A request hangs: the client's patience is to end. */
  readonly hangs: () => void;
  /** A piece of an answer takes its time, and patience does not end yet. */
  readonly dawdles?: () => void;
}

/** Longer than any answer of AbuseIPDB to what is sent. */
const HUGE = 1_100_000;
const PAGE = '<!DOCTYPE html><html><title>Just a moment</title><body>One moment, please</body></html>';

export class AbuseIpdbServer {
  readonly #server: Server;
  readonly #impostor: Server | undefined;
  readonly #door: Door;
  readonly #sockets = new Set<Socket>();
  readonly #parts: ServerParts;

  private constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#server = createServer(parts.certificate, (request, response) => this.#take(request, response));
    this.#impostor = parts.wrongCertificate && createServer(parts.wrongCertificate);
    this.#impostor?.on('tlsClientError', () => undefined);
    this.#door = createDoor((socket) => this.#admit(socket));
  }

  static async open(parts: ServerParts, port = 0): Promise<AbuseIpdbServer> {
    const server = new AbuseIpdbServer(parts);
    await new Promise<void>((resolve) => server.#door.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    // A parse boundary: a server on TCP has such an address.
    const { port } = this.#door.address() as AddressInfo;
    return `https://127.0.0.1:${port}/api/v2`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#door.close(resolve));
  }

  #admit(socket: Socket): void {
    this.#sockets.add(socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket)));
    const fault = this.#parts.door?.();
    switch (fault) {
      case undefined:
        return void this.#server.emit('connection', socket);
      case 'wrong-certificate':
        return void this.#impostor?.emit('connection', socket);
      case 'no-tls':
        return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      case 'shut':
        return void socket.resetAndDestroy();
      case 'shut-in-handshake':
        return void socket.once('data', () => socket.destroy());
      case 'hang-in-handshake':
        return void socket.once('data', () => this.#parts.hangs());
    }
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { rules, fault, hears } = this.#parts;
      const body = Buffer.concat(chunks).toString('utf8');
      hears?.(request.url ?? '', body);
      const answer = (): Reply =>
        rules.answer(request.method ?? '', request.url ?? '', request.headers, body);
      const told = String(request.headers['key'] ?? '');
      this.#answer(response, fault(request), answer, told);
    });
  }

  /** In three pieces, each of which takes its time. */
  #dawdle(response: ServerResponse, reply: Reply | undefined): void {
    const body = reply?.body ?? '';
    const third = Math.ceil(body.length / 3);
    response.writeHead(reply?.status ?? 500, { 'Content-Type': 'application/json', ...reply?.headers });
    const say = (from: number): void => {
      this.#parts.dawdles?.();
      if (from + third >= body.length) response.end(body.slice(from));
      else response.write(body.slice(from, from + third), () => setImmediate(() => say(from + third)));
    };
    say(0);
  }

  #answer(response: ServerResponse, fault: Fault | undefined, answer: () => Reply, key: string): void {
    const accepts = fault === undefined || fault === 'slow' || fault.startsWith('accepted-');
    const reply = accepts ? answer() : undefined;
    const status = Number(/\d+$/.exec(fault ?? '')?.[0] ?? 200);
    const send = (code: number, type: string, body: string, headers = {}): void =>
      void response.writeHead(code, { 'Content-Type': type, ...headers }).end(body);
    switch (fault) {
      case undefined:
        return send(reply?.status ?? 500, 'application/json', reply?.body ?? '', reply?.headers);
      case 'slow':
        return this.#dawdle(response, reply);
      case 'reset':
      case 'accepted-reset':
        return void response.socket?.destroy();
      case 'accepted-half':
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '4000' });
        response.write('{"data":{"ipAddr');
        return void setImmediate(() => response.socket?.destroy());
      case 'hang':
      case 'accepted-hang':
        return this.#parts.hangs();
      case 'json-500':
        return send(500, 'application/json', '{"errors":[{"detail":"Server Error","status":500}]}');
      case 'json-422':
        return send(422, 'application/json', '{"errors":[{"detail":"The csv is invalid.","status":422}]}');
      case 'echo-401': {
        const detail = `No key is ${key}`;
        const body = JSON.stringify({ errors: [{ detail, status }] }).replaceAll('/', '\\/');
        return send(401, 'application/json', body);
      }
      case 'accepted-huge':
        return send(200, 'application/json', `{"data":"${'x'.repeat(HUGE)}"}`);
      case 'bytes':
        return void response.writeHead(200).end(Buffer.alloc(1000, 0xfe));
      case 'not-json':
        return send(200, 'application/json', '{"data":{');
      case 'empty':
        return send(200, 'application/json', '');
      default:
        if (fault.includes('page')) return send(status, 'text/html', PAGE);
        return send(status, 'application/json', '');
    }
  }
}
