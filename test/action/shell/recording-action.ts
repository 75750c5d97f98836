/**
 * A shell action that writes down each command in a file, and what it needs besides.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { EffectNotice } from '../../../src/action/notice.js';
import type { ShellOptions, ShellPhase } from '../../../src/action/options.js';
import { ShellEffect } from '../../../src/action/shell/shell-effect.js';
import type { ShellSurroundings } from '../../../src/action/shell/surroundings.js';
import { Turns } from '../../../src/action/shell/turns.js';
import { systemClock } from '../../../src/lib/clock.js';
import { commandsOf, shellOf } from './shell-options.js';

export interface Recording {
  readonly folder: string;
  readonly effect: ShellEffect;
  readonly notices: readonly EffectNotice[];
  /** The commands that ran, in their order. */
  readonly ran: () => readonly string[];
}

interface Given {
  /** What each phase's command does besides writing itself down: `false` fails it. */
  readonly texts?: Partial<Record<ShellPhase, string>>;
  readonly shell?: Partial<ShellOptions>;
  readonly surroundings?: Partial<ShellSurroundings>;
  readonly hitsToCheck?: number;
  readonly folder?: string;
  readonly turns?: Turns;
  readonly name?: string;
}

const WORDS: Readonly<Partial<Record<ShellPhase, string>>> = {
  start: 'start', stop: 'stop', ban: 'ban <ip> <restored>', unban: 'unban <ip>', reload: 'reload', prolong: 'prolong <ip> <bantime>',
}; // prettier-ignore

export function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-shell-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function recordingAction(t: TestContext, given: Given = {}): Recording {
  const folder = given.folder ?? folderFor(t);
  const file = join(folder, given.name ?? 'ran');
  const notices: EffectNotice[] = [];
  const texts = Object.fromEntries(
    Object.entries({ ...WORDS, ...given.texts }).map(([phase, text]) => {
      const [words = '', ...rest] = text.split(';');
      return [phase, [`echo "${words.trim()}" >> ${file}`, ...rest].join(';')];
    }),
  );
  const effect = new ShellEffect({
    jail: 'j',
    name: given.name ?? 'act',
    shell: shellOf(commandsOf(texts), given.shell),
    bantimeSeconds: 600,
    hitsToCheck: given.hitsToCheck ?? 1,
    surroundings: {
      evidenceOf: (ban) => ban.evidence ?? [],
      dataOf: (ban) => ban.data ?? {},
      pastOf: (ban) => ({ failures: ban.failures, lines: ban.evidence ?? [] }),
      counters: () => ({ found: 1, foundTotal: 2, banned: 3, bannedTotal: 4 }),
      hostNameOf: () => Promise.resolve(undefined),
      ...given.surroundings,
    },
    turns: given.turns ?? new Turns(),
    clock: systemClock,
    tell: (notice) => notices.push(notice),
  });
  t.after(() => effect.giveUp());
  const ran = (): readonly string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return { folder, effect, notices, ran };
}
