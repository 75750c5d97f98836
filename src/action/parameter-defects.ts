/**
 * What is wrong with the parameters of an action that is carried out inside Bailiff.
 * Takes a reading for each parameter; gives a defect for each that ends in a BailiffError. Other errors pass.
 */
import { BailiffError } from '../lib/errors.js';
import type { ActionDefect } from './options.js';

export function parameterDefects(
  readings: readonly (readonly [parameter: string, read: () => unknown])[],
): readonly ActionDefect[] {
  return readings.flatMap(([parameter, read]): readonly ActionDefect[] => {
    try {
      read();
      return [];
    } catch (error) {
      if (error instanceof BailiffError) return [{ severity: 'error', parameter, error }];
      throw error;
    }
  });
}
