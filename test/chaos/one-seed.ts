/**
 * A process of its own for one seed: `node one-seed.js SEED [FAULT…]`, the faults in place of the seed's own. Prints what was played as JSON; ends with 1 where something
 * was found.
 */
import { playSeed } from './play-seed.js';

const [, , seed, ...faults] = process.argv;
const played = await playSeed(Number(seed), faults);
process.stdout.write(`${JSON.stringify(played)}\n`);
process.exitCode = played.findings.length === 0 ? 0 : 1;
