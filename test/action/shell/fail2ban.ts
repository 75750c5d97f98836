/**
 * Debian 13's Fail2Ban as the tests of actions run it: its programs, and the environment in which Python finds its modules.
 */
import { join } from 'node:path';
import { fail2ban } from '../../dialect/fail2ban.js';

export interface Fail2BanPrograms {
  readonly server: string;
  readonly client: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Throws where Debian's archive does not answer. */
export function fail2banPrograms(): Fail2BanPrograms {
  const { pythonPath } = fail2ban('1.1.0');
  const programs = join(pythonPath, '..', '..', '..', 'bin');
  const env = { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: '1', TZ: 'UTC' };
  return { server: join(programs, 'fail2ban-server'), client: join(programs, 'fail2ban-client'), env };
}
