/**
 * The half of the daemon that decides and acts: store → jails → effects → ledger → guard, with what the store kept taken back.
 * Takes the mode, the settings and where the store lies; gives the parts, each released in reverse. Hears nothing yet.
 */
import { hostname } from 'node:os';
import { fullHostName } from '../../config/host-name.js';
import type { ProgramSettings } from '../../config/program-settings.js';
import { Jails } from '../../jail/jails.js';
import { systemClock } from '../../lib/clock.js';
import { messageOf } from '../../lib/errors.js';
import { HostNames } from '../../lib/host-names.js';
import type { Log } from '../../lib/log.js';
import type { Releasers } from '../../lib/releasers.js';
import { keepHeapSmall } from '../../lib/small-heap.js';
import { Store } from '../../store/store.js';
import { AddressNames } from '../asking/address-names.js';
import { Announcer } from '../telling/announcer.js';
import { confinedMailer } from '../sending/confined-mailer.js';
import { Enforcement } from '../enforcing/enforcement.js';
import { firewallTransport } from '../enforcing/firewall-transport.js';
import { Guard } from './guard.js';
import { IgnoreCommands } from '../asking/ignore-commands.js';
import { Ledger } from './ledger.js';
import { Messages } from '../sending/messages.js';
import type { Mode } from '../enforcing/mode.js';
import type { NoticeBoard } from '../telling/notice-board.js';
import { Outgoing } from '../sending/outgoing.js';
import { Reports } from '../sending/reports.js';
import { shellOff } from '../enforcing/shell-right.js';
import { shellSurroundings } from '../enforcing/shell-surroundings.js';
import { HostSurroundings, ignoredNames } from './surroundings.js';
import { tellHeldBack } from './tell-held-back.js';

export interface DecidingStart {
  readonly mode: Mode;
  readonly settings: ProgramSettings;
  readonly databasePath: string;
  readonly log: Log;
  readonly notices: NoticeBoard;
  readonly releasers: Releasers;
}

export interface Deciding {
  readonly store: Store;
  readonly surroundings: HostSurroundings;
  readonly jails: Jails;
  readonly reports: Reports;
  readonly messages: Messages;
  readonly enforcement: Enforcement;
  readonly ledger: Ledger;
  readonly guard: Guard;
}

/** @throws BailiffError where the store or the firewall cannot be had. */
export async function startDeciding(start: DecidingStart): Promise<Deciding> {
  const { mode, settings, databasePath, log, notices, releasers } = start;
  const store = Store.openAnywhere(databasePath);
  releasers.add('store', () => store.close());
  const off = shellOff(mode.name, settings.shellActions);
  const surroundings = new HostSurroundings(store, {
    names: ignoredNames(mode.jails),
    asksCommands: off === undefined,
    isStoreWhole: () => ledger.state().suspended === undefined,
    tell: (problem) => notices.post('warning', 'ignoreip', 'file', problem),
  });
  releasers.add('surroundings', () => surroundings.close());

  const jails = new Jails(mode.jails, surroundings);
  const addressNames = new AddressNames();
  releasers.add('address names', () => addressNames.close());
  const reports = new Reports({
    store,
    jails,
    notices,
    clock: systemClock,
    off: mode.name === 'enforcing' ? undefined : `${mode.name}: nothing is reported`,
    most: settings.reportQueue,
  });
  const messages = new Messages({
    store,
    notices,
    clock: systemClock,
    off: mode.name === 'enforcing' ? undefined : `${mode.name}: nothing is sent`,
    most: settings.reportQueue,
    settings,
    host: fullHostName(hostname(), '/etc/hosts'),
  });
  const confined = mode.name === 'enforcing' ? confinedMailer(settings.mailer) : undefined;
  if (confined !== undefined) notices.post('warning', 'mail', 'privileges', messageOf(confined));
  const outgoing = new Outgoing(store, [reports, messages]);
  releasers.add('outgoing', () => outgoing.close());
  const shell = shellSurroundings({ jails, store, addressNames, clock: systemClock, ...settings });
  const enforcement = new Enforcement({
    jails: mode.jails,
    transport: await firewallTransport(mode, notices),
    isWatched: mode.name === 'enforcing',
    notices,
    clock: systemClock,
    shell: { off, surroundings: shell },
    outgoing,
  });
  const ledger = new Ledger(store, (text, level) => notices.post(level, 'store', 'writable', text), outgoing);
  releasers.add('ledger', () => ledger.close());
  const announcer = new Announcer(log, mode.rehearsal === undefined);
  const names = new HostNames();
  releasers.add('names', () => names.close());
  const ignoreCommands = new IgnoreCommands({ surroundings: shell, notices, clock: systemClock });
  releasers.add('ignorecommand', () => ignoreCommands.close());
  const guard = new Guard({
    jails,
    store,
    ledger,
    announcer,
    enforcement,
    names,
    ignoreCommands,
    clock: systemClock,
    held: (jail) => tellHeldBack(jail, notices),
  });
  releasers.add('guard', () => guard.close());
  guard.restore();
  // Not before: what grows by a hundred thousand bans would be collected again and again.
  keepHeapSmall();
  return { store, surroundings, jails, reports, messages, enforcement, ledger, guard };
}
