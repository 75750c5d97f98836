/**
 * How the daemon runs: enforcing, observing, or rehearsing where there is nothing to guard.
 * Takes the options and the configuration; gives the mode, the way into the firewall and what to hear instead.
 */
import { NftSpawn, type NftTransport } from '../../action/nft-transport.js';
import type { Configuration } from '../../config/configuration.js';
import type { StatusReport } from '../../control/reports.js';
import type { JailOptions } from '../../jail/options.js';
import type { Releasers } from '../../lib/releasers.js';
import { guardedServices } from '../host/guarded-services.js';
import type { RunOptions } from '../options.js';
import { openPrivateNetwork } from '../host/private-network.js';
import { prepareRehearsal, type Rehearsal } from './rehearsal.js';

export interface Mode {
  readonly name: StatusReport['mode'];
  readonly jails: readonly JailOptions[];
  /** What is made of a jail of the configuration before it runs. */
  readonly adapt: (jail: JailOptions) => JailOptions;
  /** Undefined = no firewall is touched. */
  readonly transport: NftTransport | undefined;
  readonly rehearsal: Rehearsal | undefined;
}

/** Asked to enforce, it enforces; else it observes what is there, and rehearses where nothing is. */
export async function chooseMode(
  options: RunOptions,
  configuration: Configuration,
  ownLog: string | undefined,
  releasers: Releasers,
): Promise<Mode> {
  const adapt = (jail: JailOptions): JailOptions => withoutOwnLog(jail, ownLog);
  const jails = configuration.jails.map(adapt);
  const enforce = options.enforce ?? configuration.settings.enforce;
  if (enforce === 'nftables')
    return { name: 'enforcing', jails, adapt, transport: new NftSpawn(), rehearsal: undefined };
  const mayRehearse = enforce === undefined && options.configDirectory === undefined;
  if (!mayRehearse || (await guardedServices(jails)).length > 0)
    return { name: 'observing', jails, adapt, transport: undefined, rehearsal: undefined };
  const rehearsal = prepareRehearsal(jails, Date.now());
  const network = await openPrivateNetwork();
  if (network !== undefined) releasers.add('private network', () => network.close());
  const transport = network && (await usable(new NftSpawn({ prefix: network.prefix })));
  return { name: 'rehearsing', jails: rehearsal.jails, adapt, transport, rehearsal };
}

/** Without nft the rehearsal still shows its bans. */
async function usable(transport: NftTransport): Promise<NftTransport | undefined> {
  return (await transport.run('list tables\n')).kind === 'applied' ? transport : undefined;
}

/** Our own bans are counted as they are made; read again from our log they would count twice. */
function withoutOwnLog(jail: JailOptions, ownLog: string | undefined): JailOptions {
  if (!jail.countsBans) return jail;
  const files = jail.watch.files.filter(({ glob }) => glob !== ownLog);
  return { ...jail, watch: { ...jail.watch, files } };
}
