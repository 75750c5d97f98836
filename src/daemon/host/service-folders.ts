/**
 * Makes the service's folders and hands what root left in them to the service's user.
 * Takes the folders and the user; changes owners of nothing but what root owns there, and follows no link.
 */
import { closeSync, constants, fchownSync, fstatSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceUser } from './service-user.js';

const FOLDER_MODE = 0o750;

/** @throws the file system's error. */
export function handOver(folder: string, user: ServiceUser, mode = FOLDER_MODE): void {
  mkdirSync(folder, { recursive: true, mode });
  give(folder, constants.O_DIRECTORY, user);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile()) give(join(folder, entry.name), 0, user);
}

function give(path: string, flags: number, { uid, gid }: ServiceUser): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | flags);
  try {
    const status = fstatSync(descriptor);
    // A second name of the same file may lie anywhere.
    if (status.uid === 0 && (status.isDirectory() || status.nlink === 1)) fchownSync(descriptor, uid, gid);
  } finally {
    closeSync(descriptor);
  }
}
