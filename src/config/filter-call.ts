/**
 * Reads one filter as the command line names it: `sshd`, `sshd[mode=aggressive]`, or the path of a filter's file.
 * Takes the text and where the configuration is; gives the filter's options for journal text and for file text.
 * Does not read jails.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { FilterOptions } from '../filter/match.js';
import { chooseDirectory } from './directory.js';
import { DistributionFiles } from './distribution-files.js';
import { configurationEnvironment } from './environment.js';
import { loadFilter } from './filter-definition.js';
import type { ConfigLayers } from './layers.js';
import { parseCall } from './parameters.js';

export interface FilterCallRequest {
  readonly configDirectory: string | undefined;
  readonly asFail2ban: boolean;
}

/** @throws BailiffError `config.filter-missing`, `config.parameters`, or what is wrong with one of its options. */
export function readFilterCall(
  text: string,
  request: FilterCallRequest,
): { readonly journal: FilterOptions; readonly file: FilterOptions } {
  const environment = configurationEnvironment();
  const { name, parameters } = parseCall(text);
  const directory = chooseDirectory(request.configDirectory, {
    bailiff: environment.etcBailiff,
    fail2ban: environment.etcFail2ban,
    policy: environment.policy,
  }).directory;
  const layers: ConfigLayers = {
    shipped: request.asFail2ban ? undefined : environment.shipped,
    directory,
    distribution: new DistributionFiles(environment.dpkg),
  };
  const isPath = name.includes('/') && existsSync(name);
  const title = isPath ? basename(name, '.conf') : name;
  const from = isPath ? { ...layers, directory: dirname(dirname(resolve(name))) } : layers;
  // Every jail passes its mode, `normal` unless it says otherwise.
  const given = { mode: 'normal', ...Object.fromEntries(parameters) };
  return {
    journal: loadFilter(title, { ...given, logtype: 'journal' }, from),
    file: loadFilter(title, { ...given, logtype: 'file' }, from),
  };
}
