/**
 * Reads an action of `action.d` with its parameters into the options of one effect.
 * Takes the call (`nftables[port="ssh"]`) and the jail's name; gives ActionOptions: with `native`, Bailiff does it itself;
 * without, its commands are among the parameters. Tags that only a ban knows (`<ip>`, `<matches>`) stay.
 */
import type { ActionOptions } from '../action/options.js';
import { BailiffError } from '../lib/errors.js';
import { DEFINITION_GIVEN } from './compatibility.js';
import { interpolated } from './interpolate.js';
import { type ConfigLayers, definitionNames, readLayers } from './layers.js';
import { nearestName } from './nearest-name.js';
import type { Call } from './parameters.js';
import type { Sections, Setting } from './sections.js';
import { withTags } from './tags.js';

/** Python actions that Bailiff does itself, by file name. */
const NATIVE_PYTHON: ReadonlyMap<string, string> = new Map([['smtp.py', 'smtp']]);

const SPACES: Readonly<Record<string, string>> = { br: '\n', sp: ' ' };

export interface ActionContext {
  readonly jail: string;
  readonly layers: ConfigLayers;
  /** `<fq-hostname>`. */
  readonly hostname: string;
}

/**
 * The options of one action.
 * @throws BailiffError `config.action-missing`, `config.action-python` for a Python action that Bailiff does not have,
 *   or what is wrong in its definition.
 */
export function loadAction(call: Call, context: ActionContext): ActionOptions {
  const actname = call.parameters.get('actname') ?? call.name;
  if (call.name.endsWith('.py')) return pythonAction(call, actname, context);
  const sections = readLayers(context.layers, `action.d/${call.name}`);
  for (const error of sections.errors()) throw error;
  if (!sections.has('Definition')) throw missing(call.name, context.layers);
  const values = rawValues(call, sections, { ...context, actname });
  const parameters: Record<string, string> = {};
  for (const key of values.keys()) {
    if (key !== 'native') parameters[key] = filled(key, values, sections);
  }
  const native = values.get('native') ?? '';
  return Object.freeze({
    name: actname,
    native: native === '' ? undefined : native,
    parameters: Object.freeze(parameters),
  });
}

function pythonAction(call: Call, name: string, context: ActionContext): ActionOptions {
  const native = NATIVE_PYTHON.get(call.name);
  if (native === undefined)
    throw new BailiffError(
      'config.action-python',
      `\`${call.name}\` is a Python action, which Bailiff does not run.`,
      {
        remedy: 'Use an action with commands, or one that Bailiff has itself; the jail runs on without it.',
      },
    );
  const own = { name: context.jail, 'fq-hostname': context.hostname };
  return Object.freeze({
    name,
    native,
    parameters: Object.freeze({ ...own, ...Object.fromEntries(call.parameters) }),
  });
}

/** The jail's parameters over [Init] over [Definition], not yet filled in. */
function rawValues(
  call: Call,
  sections: Sections,
  context: ActionContext & { readonly actname: string },
): ReadonlyMap<string, string> {
  const given = new Map(DEFINITION_GIVEN);
  const raw = (setting: Setting, section: string): string =>
    interpolated(setting, { sections, section, given });
  for (const setting of sections.settings('Init')) given.set(setting.name, raw(setting, 'Init'));
  for (const [key, value] of call.parameters) given.set(key, value);
  const values = new Map<string, string>();
  for (const setting of [...sections.settings('DEFAULT'), ...sections.settings('Definition')])
    values.set(setting.name, raw(setting, 'Definition'));
  for (const section of sections.names()) {
    const [, base, family] = /^(Definition|Init)(\?family=inet6)$/.exec(section) ?? [];
    if (base === undefined || family === undefined) continue;
    for (const setting of sections.settings(section))
      values.set(setting.name + family, raw(setting, section));
  }
  values.set('name', context.jail);
  values.set('actname', context.actname);
  values.set('fq-hostname', context.hostname);
  values.set('sh-hostname', context.hostname.replace(/\..*/s, ''));
  for (const setting of sections.settings('Init')) {
    if (setting.name !== 'name') values.set(setting.name, raw(setting, 'Init'));
  }
  for (const [key, value] of call.parameters) values.set(key, value);
  return values;
}

/** One value with every tag filled in that is the same for both address families. */
function filled(key: string, values: ReadonlyMap<string, string>, sections: Sections): string {
  const family = key.endsWith('?family=inet6') ? '?family=inet6' : '';
  return withTags(values.get(key) ?? '', (tag) => {
    if (tag.startsWith('known/')) return knownValue(tag.slice('known/'.length), sections);
    if (family === '' && values.has(`${tag}?family=inet6`)) return undefined;
    return values.get(tag + family) ?? values.get(tag) ?? SPACES[tag];
  });
}

/** What the definition itself says, under the jail's parameters. */
function knownValue(option: string, sections: Sections): string | undefined {
  const setting = sections.own('Init', option) ?? sections.get('Definition', option);
  return setting === undefined ? undefined : interpolated(setting, { sections, section: 'Init' });
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
