/**
 * Reads an action of `action.d` with its parameters into the options of one effect.
 * Takes the call (`nftables[port="ssh"]`) and the jail's name; gives ActionOptions: with `native`, Bailiff does it itself;
 * without, its commands are among the parameters. Tags that only a ban knows (`<ip>`, `<matches>`) stay.
 */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { ActionOptions, ShellFamily } from '../action/options.js';
import { BailiffError, type Where } from '../lib/errors.js';
import { placesInFiles } from './action-place.js';
import { DEFINITION_GIVEN } from './compatibility.js';
import { deepFreeze } from './freeze.js';
import { interpolated } from './interpolate.js';
import { type ConfigLayers, definitionNames, readLayers } from './layers.js';
import { nearestName } from './nearest-name.js';
import type { Call } from './parameters.js';
import type { Sections, Setting } from './sections.js';
import { shellOptions } from './shell-options.js';
import { withTags } from './tags.js';

/** Python actions that Bailiff does itself, by file name. */
const NATIVE_PYTHON: ReadonlyMap<string, string> = new Map([['smtp.py', 'smtp']]);

const INET6 = '?family=inet6';

export interface ActionContext {
  readonly jail: string;
  readonly layers: ConfigLayers;
  /** `<fq-hostname>`. */
  readonly hostname: string;
  /** Options of the jail that tags may name: `<maxretry>`. */
  readonly jailOptions?: ReadonlyMap<string, string> | undefined;
}

/** A Python action as Fail2Ban's client names it to its server. */
export interface PythonAction {
  readonly name: string;
  readonly file: string;
  /** Its arguments. */
  readonly python: Readonly<Record<string, string>>;
}

/** An action and its texts as Fail2Ban's client would send them. */
export interface LoadedAction {
  readonly options: ActionOptions;
  /** Commands with their tags filled in, then parameters as written: the jail's, then [Init]'s. */
  readonly written: readonly (readonly [string, string])[];
  /** Where the admin's files set a parameter, unless the jail's call does. */
  readonly places: ReadonlyMap<string, Where>;
  /** What could not be read in its files; the rest of them holds. */
  readonly defects: readonly BailiffError[];
}

/** Commands in the order in which Fail2Ban tells them. */
const COMMANDS: readonly string[] = [
  'actionstart',
  'actionstart_on_demand',
  'actionstop',
  'actionflush',
  'actionreload',
  'actioncheck',
  'actionrepair',
  'actionrepair_on_unban',
  'actionban',
  'actionprolong',
  'actionreban',
  'actionunban',
  'norestored',
];
/** Tags that only a ban, or the running of a command, knows. */
const LATER: ReadonlySet<string> = new Set(['matches', 'ipmatches', 'ipjailmatches', 'timeout', 'bantime']);
const RUNS = /^action(?:start|stop|flush|reload|check|repair|ban|prolong|reban|unban)$/;

/**
 * The options of one action.
 * @throws BailiffError `config.action-missing`, `config.action-python` for a Python action that Bailiff does not have,
 *   or what is wrong in its definition.
 */
export function loadAction(call: Call, context: ActionContext): LoadedAction {
  if (call.name.endsWith('.py')) return pythonAction(call, context);
  const sections = definitionOf(call.name, context.layers);
  const values = new ActionValues(call, sections, context);
  const parameters: Record<string, string> = {};
  for (const key of values.keys()) {
    if (key !== 'native') parameters[key] = values.filled(key);
  }
  // Commands of the admin's own in a definition that is native otherwise: his commands are what he wants to run.
  const native = values.keys().some((key) => RUNS.test(key)) ? '' : values.filled('native');
  const name = nameOf(call, context.jail);
  const written = values.written();
  if (native !== '')
    return {
      options: deepFreeze({ name, native, parameters }),
      written,
      places: placesInFiles(sections, call, context.layers.shipped),
      defects: sections.errors(),
    };
  const { shell, defects } = shellOptions({
    definition: call.name,
    isByFamily: values.keys().some((key) => key.endsWith(INET6)),
    filled: (key, family) => values.forFamily(key, family),
  });
  return {
    options: deepFreeze({ name, native: undefined, parameters, shell }),
    written,
    places: new Map(),
    defects: [...sections.errors(), ...defects],
  };
}

/** The definition's sections; where the admin put commands over a native one, those of the file he meant them for. */
function definitionOf(name: string, layers: ConfigLayers): Sections {
  const sections = readLayers(layers, `action.d/${name}`);
  const commands = sections.settings('Definition').some((setting) => RUNS.test(setting.name));
  const theirs = { ...layers, shipped: undefined };
  const native = sections.own('Definition', 'native') !== undefined;
  const found =
    native && commands && readsFile(theirs, name) ? readLayers(theirs, `action.d/${name}`) : sections;
  if (!found.has('Definition')) throw missing(name, layers);
  return found;
}

function readsFile(layers: ConfigLayers, name: string): boolean {
  return existsSync(join(layers.directory, `action.d/${name}.conf`));
}

function pythonAction(call: Call, context: ActionContext): LoadedAction {
  const native = NATIVE_PYTHON.get(call.name);
  if (native === undefined)
    throw new BailiffError(
      'config.action-python',
      `\`${call.name}\` is a Python action, which Bailiff does not run.`,
      { remedy: 'Use an action with commands, or one that Bailiff has itself; the jail runs on without it.' },
    );
  const host = new Map([['fq-hostname', context.hostname]]);
  const told = [...call.parameters].map(([key, value]): [string, string] => [
    key,
    withTags(value, (tag) => host.get(tag)),
  ]);
  const parameters = { name: context.jail, ...Object.fromEntries(told) };
  const name = nameOf(call, context.jail);
  return {
    options: deepFreeze({ name, native, parameters }),
    written: [...call.parameters],
    places: new Map(),
    defects: [],
  };
}

/** `actname`; else the file's name and, where the call has a `name` of its own, what that adds to the jail's. */
function nameOf(call: Call, jail: string): string {
  const { name, parameters } = call;
  const [actname, own = jail] = [parameters.get('actname'), parameters.get('name')];
  if (actname !== undefined) return actname;
  return own.startsWith(jail) ? name + own.slice(jail.length) : `${name}-${own}`;
}

/** The values of one action: the jail's parameters over [Init] over [Definition]. */
class ActionValues {
  readonly #call: Call;
  readonly #sections: Sections;
  readonly #given = new Map(DEFINITION_GIVEN);
  /** What a jail brings with it. */
  readonly #own: ReadonlyMap<string, string>;
  /** Tags that Fail2Ban fills in only when it runs a command. */
  readonly #host: ReadonlyMap<string, string>;
  readonly #values = new Map<string, string>();
  readonly #jails: ReadonlyMap<string, string>;

  constructor(call: Call, sections: Sections, context: ActionContext) {
    this.#call = call;
    this.#sections = sections;
    this.#jails = context.jailOptions ?? new Map();
    this.#own = new Map([
      ['name', context.jail],
      ['actname', nameOf(call, context.jail)],
    ]);
    this.#host = new Map([
      ['fq-hostname', context.hostname],
      ['sh-hostname', context.hostname.replace(/\..*/s, '')],
      ['br', '\n'],
      ['sp', ' '],
    ]);
    for (const setting of sections.settings('Init'))
      this.#given.set(setting.name, this.#raw(setting, 'Init'));
    for (const [key, value] of call.parameters) this.#given.set(key, value);
    for (const setting of [...sections.settings('DEFAULT'), ...sections.settings('Definition')])
      this.#values.set(setting.name, this.#raw(setting, 'Definition'));
    for (const [key, value] of this.#ofFamily(['Definition', 'Init'])) this.#values.set(key, value);
    for (const setting of sections.settings('Init')) {
      if (!this.#isOverruled(setting, context.layers.shipped))
        this.#values.set(setting.name, this.#raw(setting, 'Init'));
    }
    for (const [key, value] of [...this.#own, ...call.parameters]) this.#values.set(key, value);
  }

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** One value with every tag filled in that is the same for both address families. */
  filled(key: string, host = this.#host): string {
    const family = key.endsWith(INET6) ? INET6 : '';
    return withTags(this.#values.get(key) ?? '', (tag) => {
      if (LATER.has(tag)) return undefined;
      if (tag.startsWith('known/')) return this.#known(tag.slice('known/'.length));
      if (tag.includes('/')) return this.#ofSection(tag);
      if (family === '' && this.#values.has(tag + INET6)) return undefined;
      return this.#values.get(tag + family) ?? this.#values.get(tag) ?? host.get(tag) ?? this.#jails.get(tag);
    });
  }

  /** One value as it holds for a family, with every tag filled in that no ban decides. */
  forFamily(key: string, family: ShellFamily): string {
    const valueOf = (name: string): string | undefined =>
      (family === 'inet6' ? this.#values.get(name + INET6) : undefined) ?? this.#values.get(name);
    return withTags(valueOf(key) ?? '', (tag) => {
      // A ban has its own, whatever the action was given.
      if (tag === 'bantime') return undefined;
      if (tag.startsWith('known/')) return this.#known(tag.slice('known/'.length));
      if (tag.includes('/')) return this.#ofSection(tag);
      const own = valueOf(tag);
      if (own === undefined && tag === 'family' && family !== 'any') return family;
      return own ?? this.#host.get(tag) ?? this.#jails.get(tag);
    });
  }

  /** First the definition's commands, then those that the call brings, then parameters. */
  written(): readonly (readonly [string, string])[] {
    const given = this.#call.parameters;
    const defined = COMMANDS.filter((command) => this.#values.has(command) && !given.has(command));
    const brought = [...given.keys()].filter((key) => COMMANDS.includes(key));
    const pairs = [...defined, ...brought].map((command): [string, string] => [
      command,
      this.filled(command, new Map()),
    ]);
    const told = new Map([...given].filter(([key]) => !COMMANDS.includes(key)));
    for (const [key, value] of this.#own) if (!told.has(key)) told.set(key, value);
    for (const setting of this.#sections.settings('Init')) {
      if (!told.has(setting.name)) told.set(setting.name, this.#raw(setting, 'Init'));
    }
    // Fail2Ban knows of those in [Definition], and tells its server of none.
    for (const [key, value] of this.#ofFamily(['Init'])) told.set(key, value);
    return [...pairs, ...told];
  }

  /** A default of ours in [Init] yields to what the admin wrote in [Definition]. */
  #isOverruled(setting: Setting, shipped: string | undefined): boolean {
    if (shipped === undefined || !setting.file.startsWith(shipped + sep)) return false;
    const defined = this.#sections.own('Definition', setting.name);
    return defined !== undefined && !defined.file.startsWith(shipped + sep);
  }

  #raw(setting: Setting, section: string): string {
    return interpolated(setting, { sections: this.#sections, section, given: this.#given });
  }

  /** Options that hold for IPv6 alone, as `name?family=inet6`. */
  #ofFamily(sections: readonly string[]): readonly (readonly [string, string])[] {
    return sections.flatMap((section) =>
      this.#sections
        .settings(section + INET6)
        .map((setting): [string, string] => [setting.name + INET6, this.#raw(setting, section + INET6)]),
    );
  }

  /** What the definition itself says, under the jail's parameters. */
  #known(option: string): string | undefined {
    const own = this.#sections.own('Init', option);
    if (own !== undefined) return interpolated(own, { sections: this.#sections, section: 'Init' });
    const defined = this.#sections.get('Definition', option);
    return defined === undefined ? undefined : this.#raw(defined.known ?? defined, 'Definition');
  }

  /** `<section/option>`. */
  #ofSection(tag: string): string | undefined {
    const slash = tag.indexOf('/');
    const section = tag.slice(0, slash);
    const option = tag.slice(slash + 1).toLowerCase();
    const setting = /^default$/i.test(section)
      ? this.#sections.own('DEFAULT', option)
      : this.#sections.has(section)
        ? this.#sections.get(section, option)
        : undefined;
    return setting === undefined
      ? undefined
      : interpolated(setting, { sections: this.#sections, section: setting.section });
  }
}

function missing(name: string, layers: ConfigLayers): BailiffError {
  const near = nearestName(name, definitionNames(layers, 'action.d'));
  return new BailiffError('config.action-missing', `there is no action \`${name}\`.`, {
    remedy:
      near === undefined
        ? `Write action.d/${name}.conf with a [Definition], or name another action.`
        : `Did you mean \`${near}\`?`,
  });
}
