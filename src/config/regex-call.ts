/**
 * What the REGEX of `fail2ban-regex` means: a jail, a filter of `filter.d`, a filter's file, or an expression as it is.
 * Takes the text and where the configuration is; gives the filter's options, read as Fail2Ban reads them.
 * A jail's own options hold over its filter's; its backend does not.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { FilterOptions } from '../filter/match.js';
import { BailiffError } from '../lib/errors.js';
import { chooseDirectory } from './directory.js';
import { DistributionFiles } from './distribution-files.js';
import { type ConfigurationEnvironment, configurationEnvironment } from './environment.js';
import { type FilterOverrides, type LoadedFilter, readFilter } from './filter-definition.js';
import { FILTER_OPTIONS } from './jail-reader.js';
import { JailSection } from './jail-section.js';
import { type ConfigLayers, readLayers } from './layers.js';
import { type Call, parseCall } from './parameters.js';
import { parseLines } from './values.js';

/** What a text was found to name, before it is read. */
export interface NamedCall {
  readonly kind: 'jail' | 'filter' | 'file';
  /** The jail, the filter, or the path of its file. */
  readonly name: string;
  readonly directory: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface RegexCall {
  readonly options: FilterOptions;
  /** One a line; Fail2Ban takes the last. */
  readonly journalMatch: readonly string[];
  /** The options that Fail2Ban shows as those in use. */
  readonly real: ReadonlyMap<string, string>;
  /** What the filter or the jail says itself; undefined = a default holds. */
  readonly told: { readonly maxlines: number | undefined; readonly datepattern: string | undefined };
}

export interface RegexCallRequest {
  /** undefined: found as for the daemon. */
  readonly configDirectory: string | undefined;
  readonly logtype: 'journal' | 'file';
  readonly environment?: Partial<ConfigurationEnvironment> | undefined;
  /** Is told what is going to be read. */
  readonly found: (call: NamedCall) => void;
}

/** A word that may name a jail, a filter or a file. */
const NAME = /^\/{0,3}[\w/.-]+(?:\[.*\])?$/su;

/**
 * Where `fail2ban-regex` reads: Fail2Ban's own directory as it is; where Bailiff's is read, what is shipped lies below it,
 * as for the daemon.
 */
function layersFor({ configDirectory, environment }: RegexCallRequest): ConfigLayers {
  const { etcBailiff, etcFail2ban, policy, shipped, dpkg } = configurationEnvironment(environment);
  const among = { bailiff: etcBailiff, fail2ban: etcFail2ban, policy };
  const { directory, from } = chooseDirectory(configDirectory, among);
  const isOurs = from === 'bailiff' || from === 'policy';
  return { shipped: isOurs ? shipped : undefined, directory, distribution: new DistributionFiles(dpkg) };
}

/**
 * undefined: the text is an expression.
 * @throws BailiffError `config.parameters`, `config.filter-missing`, or what is wrong with one of the options.
 */
export function readRegexCall(text: string, request: RegexCallRequest): RegexCall | undefined {
  if (!NAME.test(text)) return undefined;
  const call = parseCall(text);
  const layers = layersFor(request);
  const { directory } = layers;
  if (!/\/|\.(?:conf|local)$/.test(call.name)) {
    const sections = readLayers(layers, 'jail');
    if (sections.has(call.name)) {
      request.found({ kind: 'jail', name: call.name, directory, parameters: call.parameters });
      return jailCall(call, layers, request.logtype);
    }
  }
  const file = fileOf(call.name, layers);
  if (file === undefined) return undefined;
  const folder = dirname(file);
  const title = basename(file).replace(/\.(?:conf|local)$/, '');
  const isForeign = call.name.includes('/') && basename(folder) !== 'filter.d' && folder !== directory;
  const root = basename(folder) === 'filter.d' ? dirname(folder) : folder;
  const from = root === layers.shipped ? layers : { ...layers, directory: root };
  const kind = isForeign ? 'file' : 'filter';
  const name = isForeign ? call.name : title;
  request.found({ kind, name, directory: root, parameters: call.parameters });
  // A path elsewhere is read as it is, without adding an ending.
  if (isForeign && !/\.\w+$/.test(call.name)) throw missingFile(call.name);
  const filter = readFilter(isForeign ? `../${title}` : title, call.parameters, from, request);
  return resultOf(filter, call.parameters, (option) => filter.places.has(option));
}

function jailCall(call: Call, layers: ConfigLayers, logtype: 'journal' | 'file'): RegexCall {
  const view = { sections: readLayers(layers, 'jail'), layers, asFail2ban: true };
  const ownCall = parseCall(new JailSection(call.name, view).text('filter'));
  const parameters = new Map([...ownCall.parameters, ...call.parameters]);
  const bare = readFilter(ownCall.name, parameters, layers, { logtype });
  const section = new JailSection(call.name, view, bare.known);
  const overrides: FilterOverrides = new Map(
    FILTER_OPTIONS.flatMap((option) => {
      const setting = section.setting(option);
      return setting === undefined ? [] : [[option, { text: section.text(option), setting }] as const];
    }),
  );
  const filter = readFilter(ownCall.name, parameters, layers, { logtype, overrides });
  const isTold = (option: string): boolean => overrides.has(option) || filter.places.has(option);
  const own = parseLines(section.text('journalmatch'));
  const read = resultOf(filter, call.parameters, isTold);
  return own.length === 0 ? read : { ...read, journalMatch: own };
}

function resultOf(
  filter: LoadedFilter,
  parameters: ReadonlyMap<string, string>,
  isTold: (option: string) => boolean,
): RegexCall {
  const { options, journalMatch, known } = filter;
  const told = (option: string): boolean => isTold(option) || parameters.has(option);
  return {
    options,
    journalMatch,
    real: new Map(
      ['logtype', 'datepattern', ...parameters.keys()].flatMap((name) => {
        const value = known.get(name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
    told: {
      maxlines: told('maxlines') ? options.maxlines : undefined,
      datepattern:
        told('datepattern') && options.datepattern.length > 0 ? options.datepattern.join('\n') : undefined,
    },
  };
}

/** The file that a name stands for: as it is, or with `.conf` or `.local`. */
function fileOf(name: string, { directory, shipped }: ConfigLayers): string | undefined {
  const names = name.slice(-6).includes('.') ? [name] : [name, `${name}.conf`, `${name}.local`];
  const roots = shipped === undefined ? [directory] : [directory, shipped];
  return roots
    .flatMap((root) =>
      names.map((each) => {
        if (dirname(each) === 'filter.d') return join(root, each);
        if (each.includes('/')) return resolve(each);
        return basename(root) === 'filter.d' ? join(root, each) : join(root, 'filter.d', each);
      }),
    )
    .find((path) => existsSync(path) && statSync(path).isFile());
}

function missingFile(name: string): BailiffError {
  return new BailiffError('config.filter-missing', `${name} cannot be read.`, {
    remedy: 'Name the file with its ending: .conf.',
  });
}
