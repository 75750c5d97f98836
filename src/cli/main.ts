#!/usr/bin/env node
/**
 * Where `bailiff` starts, and `fail2ban-client` and `fail2ban-regex` where it is installed under those names too.
 * Takes the process's arguments. The daemon's other thread begins before anything else is loaded.
 */
const [, script = '', ...words] = process.argv;

async function main(): Promise<void> {
  if (words[0] === 'run') (await import('../daemon/hearing/early-hearing.js')).beginHearing();
  await (await import('./command-line.js')).speak(script, words);
}

// Not awaited here: put together it is no module of its own. What it throws ends the process, as ever.
void main();
