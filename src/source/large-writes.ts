/**
 * The environment in which a program writes 64 KiB at a time into a pipe, not 4: of journalctl's time a fifth, of its reader's
 * three quarters went with the small pieces. Done by the library of coreutils' stdbuf(1), whose two variables these are
 * (coreutils, src/stdbuf.c); where it is missing, pieces stay small. Not for what is followed: a line must not wait.
 */
import { existsSync } from 'node:fs';

/** Debian's and Fedora's place, and Arch's. */
const LIBRARIES = ['/usr/libexec/coreutils/libstdbuf.so', '/usr/lib/coreutils/libstdbuf.so'];
const WRITE_BYTES = 64 << 10;

let library: string | undefined;

/** `environment` with what makes the program write so; itself where stdbuf is not installed. */
export function withLargeWrites(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  library ??= LIBRARIES.find((path) => existsSync(path)) ?? '';
  if (library === '') return environment;
  const { LD_PRELOAD: others } = environment;
  const preloaded = others === undefined || others === '' ? library : `${others}:${library}`;
  return { ...environment, LD_PRELOAD: preloaded, _STDBUF_O: String(WRITE_BYTES) };
}
