/**
 * Keeps V8 from making objects among the old ones where it once saw them survive. It counts for each place in the code how
 * many of its arrays live through a collection; in a start, or a lull, nearly all do. From then on the connections of every
 * line were old from birth, dead a moment later, and held on to everything young that they had ever named: each collection
 * of the young ones copied half of them, 5 to 15 ms instead of 0.7, and a line cost twice as much. In half of all runs.
 */
import { setFlagsFromString } from 'node:v8';

/** For the whole process; to be called before much is done. */
export function bearObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
