/**
 * What works without a daemon: `match`, what one filter sees, and `replay`, the whole way over recorded logs.
 * Takes requests of the command line; gives events, the summary last. No effects, no store.
 */
export { matchLines } from './match-lines.js';
export { replayRecording } from './replay-thread.js';
