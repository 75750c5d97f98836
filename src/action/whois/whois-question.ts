/**
 * One question to one whois server (RFC 3912). Takes server and question; gives its answer, or rejects with what is wrong.
 * Bounded in time and size. What comes back is anybody's text.
 */
import { connect } from 'node:net';
import type { Patience } from '../message/patience.js';

const MOST_BYTES = 65_536;

export interface WhoisPlace {
  readonly host: string;
  readonly port: number;
}

export function askWhois({ host, port }: WhoisPlace, question: string, patience: Patience): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.unref();
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stopWaiting = patience(() => fail(new Error('no answer in time')));
    const done = (): void => {
      stopWaiting();
      socket.destroy();
      resolve(Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8'));
    };
    const fail = (error: Error): void => {
      stopWaiting();
      socket.destroy();
      reject(error);
    };
    socket.on('connect', () => socket.write(`${question}\r\n`));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_BYTES) done();
    });
    socket.on('error', fail);
    socket.on('end', done);
  });
}
