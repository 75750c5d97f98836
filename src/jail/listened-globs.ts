/**
 * The globs that jails listen to, and how. Takes jails with their ears; gives a glob for each that follows it. Opens nothing.
 */
import type { DateProbe } from '../source/file-start.js';
import { dateProbe } from './date-probe.js';
import { filterFor, type JailEars, listens } from './jail-ears.js';

export interface ListenedGlob {
  readonly glob: string;
  readonly from: 'head' | 'tail';
  readonly encoding: string;
  readonly jail: string;
  /** Whether the jail is configured for files, and not only deaf in the journal. */
  readonly asked: boolean;
  readonly probe: DateProbe;
}

/** `now`: asked when a line is dated. */
export function listenedGlobs(jails: readonly JailEars[], now: () => number): readonly ListenedGlob[] {
  return jails.flatMap((jail) => {
    const { name, watch, countsBans } = jail.options;
    const filter = filterFor(jail.options, 'file');
    if (filter === undefined || !listens(jail, 'file')) return [];
    // What other programs ban is welcome to recidive, not needed.
    const asked = watch.backend === 'file' && !countsBans;
    const probe = dateProbe(filter, now);
    const how = { encoding: watch.logEncoding, jail: name, asked, probe };
    return watch.files.map(({ glob, from }) => ({ glob, from, ...how }));
  });
}
