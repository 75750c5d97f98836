/**
 * Runs a program outside with its words as an array, never through a shell, and text on its standard input.
 * Takes program, arguments, text; gives how it ended. What is secret goes in by standard input or a file, not in arguments.
 */
import { spawn } from 'node:child_process';
import { messageOf } from '../../lib/errors.js';
import { visible } from '../../lib/visible-text.js';
import type { Patience } from './patience.js';

const MOST_CHARACTERS = 2000;

export type Ended =
  | { readonly kind: 'ended'; readonly status: number; readonly said: string }
  /** It was never started. */
  | { readonly kind: 'unstarted'; readonly why: string }
  /** It took too long, or was ended by a signal. */
  | { readonly kind: 'killed'; readonly why: string };

export function runProgram(
  program: string,
  words: readonly string[],
  input: string,
  patience: Patience,
): Promise<Ended> {
  return new Promise((resolve) => {
    // Its own group, so that what it started ends with it; of the surroundings only what finds programs and speech.
    const child = spawn(program, words, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: surroundings(),
    });
    let said = '';
    let isLate = false;
    const stopWaiting = patience(() => {
      isLate = true;
      endGroup(child.pid);
    });
    const hear = (text: string): void => {
      if (said.length < MOST_CHARACTERS) said += text.slice(0, MOST_CHARACTERS - said.length);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('error', (error) => {
      stopWaiting();
      if (child.pid === undefined) resolve({ kind: 'unstarted', why: messageOf(error) });
    });
    child.stdin.on('error', (error) => hear(messageOf(error)));
    child.on('close', (status, signal) => {
      stopWaiting();
      if (status !== null && !isLate) return resolve({ kind: 'ended', status, said: visible(said.trim()) });
      const why = isLate ? 'it took too long' : `ended by ${signal ?? 'a signal'}`;
      // Who waits says the same again and again.
      const last = visible(said.trim().split('\n').at(-1) ?? '');
      resolve({ kind: 'killed', why: last === '' ? why : `${why}: ${last}` });
    });
    child.stdin.end(input);
  });
}

function surroundings(): NodeJS.ProcessEnv {
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin' } = process.env;
  return { PATH, LC_ALL: 'C.UTF-8' };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    return; // It ended at the same moment.
  }
}
