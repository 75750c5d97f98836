/**
 * `config import`: a Fail2Ban installation becomes Bailiff's: its files, then the bans of its database.
 * Takes where it lies and where to; gives all that was done and why. What cannot be read is found out before anything
 * is written. The installation itself is left as it is.
 */
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfiguration } from '../../config/configuration.js';
import { type ConfigurationEnvironment, configurationEnvironment } from '../../config/environment.js';
import { type ImportedFile, importFiles } from '../../config/import-files.js';
import { type ImportPlan, planImport } from '../../config/import-plan.js';
import type { Problem } from '../../config/problem.js';
import { BailiffError, messageOf } from '../../lib/errors.js';
import { daemonPaths } from '../../lib/paths.js';
import { Fail2BanDatabase } from '../../store/fail2ban-database.js';
import { Store } from '../../store/store.js';
import { findServiceUser } from '../host/service-user.js';
import { type TakenOverBans, takeOverBans } from './take-over-bans.js';

export interface TakeOverRequest {
  /** The Fail2Ban configuration. */
  readonly from: string;
  /** Where Bailiff's configuration is written; undefined = /etc/bailiff. */
  readonly to: string | undefined;
  /** Fail2Ban's database, or `none`; undefined = the one that its configuration names. */
  readonly database: string | undefined;
  /** undefined = as Bailiff's settings say. */
  readonly stateDirectory: string | undefined;
  readonly replace: boolean;
  /** false: only tells what would be done. */
  readonly write: boolean;
  readonly environment?: Partial<ConfigurationEnvironment> | undefined;
}

export interface TakeOver {
  readonly from: string;
  readonly to: string;
  readonly files: readonly ImportedFile[];
  readonly leftAsDistributed: number;
  readonly leftOther: readonly string[];
  readonly changedJails: readonly string[];
  readonly namedPaths: ImportPlan['namedPaths'];
  /** What is wrong with the configuration as Bailiff reads it now. */
  readonly problems: readonly Problem[];
  /** Why no bans were taken over, or what of them. */
  readonly bans:
    | { readonly from: string; readonly to: string; readonly taken: TakenOverBans }
    | { readonly none: string };
}

/** @throws BailiffError `import.*`, or the store's. */
export function takeOver(request: TakeOverRequest, nowMs: number): TakeOver {
  const environment = configurationEnvironment(request.environment);
  const from = resolve(request.from);
  const to = resolve(request.to ?? environment.etcBailiff);
  checkDirectories(from, to);
  const plan = planImport(from, environment);
  const database = openDatabase(request.database, plan);
  try {
    const group = process.geteuid?.() === 0 ? findServiceUser(plan.before.settings.user)?.gid : undefined;
    const target = { directory: to, replace: request.replace, group, write: request.write };
    const files = importFiles(plan.wanted, target);
    const configuration = request.write
      ? loadConfiguration({ configDirectory: to, environment })
      : plan.before;
    const bans =
      typeof database === 'string' ? { none: database } : bansOf(database, request, configuration, nowMs);
    return { from, to, files, ...leftOf(plan), problems: configuration.problems, bans };
  } finally {
    if (typeof database !== 'string') database.close();
  }
}

function leftOf(
  plan: ImportPlan,
): Pick<TakeOver, 'leftAsDistributed' | 'leftOther' | 'changedJails' | 'namedPaths'> {
  const { leftAsDistributed, leftOther, changedJails, namedPaths } = plan;
  return { leftAsDistributed, leftOther, changedJails, namedPaths };
}

function bansOf(
  database: Fail2BanDatabase,
  { stateDirectory, write }: TakeOverRequest,
  configuration: ImportPlan['before'],
  nowMs: number,
): TakeOver['bans'] {
  const folder = stateDirectory ?? configuration.settings.stateDirectory ?? daemonPaths().stateDirectory;
  const path = join(folder, 'bailiff.sqlite');
  // Without writing, an empty store in memory tells how many there are.
  const store = new Store(write ? path : ':memory:');
  try {
    return { from: database.path, to: path, taken: takeOverBans(database, store, configuration, nowMs) };
  } finally {
    store.close();
  }
}

/** The database, or why there is none. */
function openDatabase(named: string | undefined, plan: ImportPlan): Fail2BanDatabase | string {
  if (named === 'none') return 'as asked for with --db none';
  if (named !== undefined) return new Fail2BanDatabase(resolve(named));
  const path = plan.before.settings.fail2ban['dbfile'] ?? 'None';
  if (path === 'None' || path === ':memory:') return `Fail2Ban keeps none (dbfile = ${path})`;
  return existsSync(path) ? new Fail2BanDatabase(path) : `there is no ${path}`;
}

function checkDirectories(from: string, to: string): void {
  const holds = ['jail.conf', 'jail.local', 'jail.d'].some((name) => existsSync(join(from, name)));
  if (!holds)
    throw new BailiffError('import.no-configuration', `${from} holds no Fail2Ban configuration.`, {
      where: { file: from },
      remedy: 'Name the directory that has jail.conf, jail.local or jail.d.',
    });
  const [source, target] = [`${realOf(from)}/`, `${realOf(to)}/`];
  if (source.startsWith(target) || target.startsWith(source))
    throw new BailiffError(
      'import.same-directory',
      `${from} cannot be imported into ${to}: one holds the other.`,
      {
        where: { file: from },
        remedy: 'Bailiff reads it where it stands; name another directory with --to.',
      },
    );
}

function realOf(path: string): string {
  if (!existsSync(path)) return path;
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new BailiffError('import.no-configuration', `${path} cannot be read: ${messageOf(cause)}.`, {
      where: { file: path },
      remedy: 'Run it as a user that may read it.',
      cause,
    });
  }
}
