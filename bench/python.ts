/**
 * The Python that runs Fail2Ban: the interpreter itself, since a wrapper in the path (pyenv's) takes longer than its start.
 */
import { execFileSync } from 'node:child_process';

let path: string | undefined;

export function python(): string {
  path ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return path;
}
