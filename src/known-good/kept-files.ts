/**
 * The files of the configuration, in all its layers: the shipped ones, the directory that is read, and Bailiff's own.
 * Takes the folders; gives each file once, by its absolute path, with who may read it, and with its text where configuration is
 * read from it. Hides nothing yet.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DistributionFiles } from '../config/distribution-files.js';
import { installationFiles } from '../config/installation-files.js';
import type { KeptFile } from './state.js';

const IS_READ = /\.(?:conf|local)$/;

/** @throws BailiffError `config.unreadable`: half of them is not the configuration. */
export function filesOfLayers(folders: readonly string[], dpkg: string): readonly KeptFile[] {
  const distribution = new DistributionFiles(dpkg);
  const files = new Map<string, KeptFile>();
  for (const folder of folders.filter((each) => existsSync(each)))
    for (const { path: within, content, mode } of installationFiles(folder, distribution)) {
      const path = join(folder, within);
      const { uid, gid } = statSync(path);
      const access = `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`;
      files.set(
        path,
        IS_READ.test(path) ? { path, access, text: content.toString('utf8') } : { path, access },
      );
    }
  return [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}
