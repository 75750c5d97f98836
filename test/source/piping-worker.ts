/** Run as a worker by a test: starts the program that it is given and tells its parent how many bytes it printed. */
import { spawn } from 'node:child_process';
import { parentPort, workerData } from 'node:worker_threads';
import { loadStartPiped } from '../../src/source/program-pipe.js';

// A parse boundary: what the test hands over.
const [command = '', ...words] = workerData as readonly string[];
const start = await loadStartPiped();
const { read } = start((stdout) => spawn(command, words, { stdio: ['ignore', stdout, 'inherit'] }));
let bytes = 0;
await read(
  (piece) => {
    bytes += piece.length;
    return undefined;
  },
  () => false,
);
parentPort?.postMessage(bytes);
