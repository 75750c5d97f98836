/**
 * `add`, `start`, `stop`, `idle` and `reload`: jails that come, go and are changed while the others run.
 * Takes words; gives values as Fail2Ban's server does.
 */
import type { JailOptions } from '../../jail/options.js';
import { parseCall } from '../../config/parameters.js';
import { Refusal, noJail, refusal, refusalOf, wordAt } from './refusal.js';
import type { JailVerb, Say, Speech, Verb } from './speech.js';

const BACKENDS = ['pyinotify', 'polling', 'systemd'];
const RELOAD_OPTIONS = ['--restart', '--unban', '--if-exists'];

export function jailVerbs(speech: Speech): {
  readonly verbs: Readonly<Record<string, Verb>>;
  readonly set: Readonly<Record<string, JailVerb>>;
} {
  const { live, jails } = speech.parts;
  const stopped = async (names: readonly string[]): Promise<null> => {
    await live.change((now) => ({ jails: now.filter(({ name }) => !names.includes(name)) }));
    return null;
  };
  return {
    verbs: {
      add: async (words) => {
        const name = wordAt(words, 0);
        const backend = words[1] ?? 'auto';
        if (name === '--all') throw refusal("Reserved name '--all'");
        if (jails.get(name) !== undefined) throw refusalOf(`The jail '${name}' already exists`, [name]);
        const kind = backendOf(backend);
        speech.begin(name, kind);
        await live.addSilent(newJail(name, kind));
        return name;
      },
      start: async (words) => {
        const name = wordAt(words, 0);
        speech.jail(name);
        await live.hush(name, false);
        return null;
      },
      stop: (words) => {
        const name = wordAt(words, 0);
        if (name === '--all') return stopped([...jails].map((jail) => jail.name));
        speech.jail(name);
        return stopped([name]);
      },
      reload: (words, say) => reload(speech, words, say),
    },
    set: {
      idle: async (jail, words) => {
        const word = wordAt(words, 0);
        if (word !== 'on' && word !== 'off') throw refusal("Invalid idle option, must be 'on' or 'off'");
        speech.jail(jail);
        await live.hush(jail, word === 'on');
        return live.isSilent(jail);
      },
    },
  };
}

/** `words`: options, then a jail or `--all`. */
async function reload(speech: Speech, words: readonly string[], say: Say): Promise<string> {
  const { reloading, jails, guard } = speech.parts;
  const options = words.filter((word) => RELOAD_OPTIONS.includes(word));
  const [name] = words.filter((word) => !RELOAD_OPTIONS.includes(word));
  const only = name === '--all' ? undefined : name;
  if (only !== undefined && jails.get(only) === undefined && !(await reloading.isConfigured(only)))
    throw new Refusal('', [`Failed during configuration: No section: '${only}'`]);
  if (options.includes('--unban'))
    await guard.liftAll([...jails].filter((jail) => only === undefined || jail.name === only));
  const report = await reloading.reload({ jail: only, isRestart: options.includes('--restart') });
  if (report.unreadable.length > 0)
    throw new Refusal(
      '',
      report.unreadable.map((text) => `Failed during configuration: ${text}`),
    );
  const wrong = [
    ...report.outdated.map(({ jail, because }) => told(jail, because, 'It runs on with its last valid one.')),
    ...report.skipped.map(({ jail, because }) => told(jail, because, 'Skipping...')),
  ];
  if (only !== undefined && wrong.length > 0) throw new Refusal('', wrong);
  if (only !== undefined && jails.get(only) === undefined && !report.removed.includes(only))
    throw noJail(only);
  for (const text of wrong) say('ERROR', text);
  return 'OK';
}

function told(jail: string, because: string, what: string): string {
  return `Errors in jail '${jail}'. ${what} ${because}`;
}

/** @throws Refusal */
function backendOf(text: string): string {
  const name = parseCall(text).name.toLowerCase();
  if (name === 'auto' || BACKENDS.includes(name)) return name;
  throw refusal(`Unknown backend ${name}. Must be among ['pyinotify', 'polling', 'systemd'] or 'auto'`);
}

/** A jail as Fail2Ban begins one: without expressions, files or actions. */
function newJail(name: string, backend: string): JailOptions {
  const isJournal = backend === 'systemd';
  return {
    name,
    watch: {
      backend: isJournal ? 'journal' : 'file',
      journalMatch: [],
      journalNamespace: undefined,
      files: [],
      logEncoding: 'auto',
    },
    filter: {
      name,
      prefregex: undefined,
      failregex: [],
      ignoreregex: [],
      successregex: [],
      datepattern: [],
      maxlines: 1,
      usedns: 'warn',
      logTimezoneSeconds: undefined,
      logtype: isJournal ? 'journal' : 'file',
    },
    otherFilter: undefined,
    failure: {
      maxretry: 3,
      findtimeSeconds: 600,
      ignoreip: [],
      ignoreself: true,
      maxmatches: 5,
      sameattempt: false,
      ipv6prefix: 128,
      mostCounted: 50_000,
      knownclientsDays: 0,
    },
    ban: { bantimeSeconds: 600, ipv6prefix: 128 },
    actions: [],
    countsBans: false,
  };
}
