/** Waits until a set in the kernel of a host holds exactly these elements: the kernel follows a moment after the answer. */
import assert from 'node:assert/strict';
import { kernelSet } from '../action/kernel-set.js';
import { until } from './daemon-process.js';
import type { PrivateHost } from './private-host.js';

export async function kernelHolds(host: PrivateHost, set: string, wanted: readonly string[]): Promise<void> {
  const held = (): string[] => [...kernelSet(host, set).keys()].sort();
  const isSo = (): boolean => held().join() === [...wanted].sort().join();
  await until(`${set} to hold what it should`, isSo).catch(() =>
    assert.deepEqual(held(), [...wanted].sort()),
  );
}
