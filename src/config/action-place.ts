/**
 * Where a parameter of an action was written: in the action's file, in the jail's `destemail` or `sender`, or in its `action`.
 * Takes the action as read and the jail's section; gives file, line and option.
 */
import { sep } from 'node:path';
import { BailiffError, type Where } from '../lib/errors.js';
import type { JailSection } from './jail-section.js';
import type { Call } from './parameters.js';
import type { Sections } from './sections.js';

/** An action as far as it tells where its parameters come from. */
interface PlacedAction {
  readonly options: { readonly name: string };
  readonly written: readonly (readonly [string, string])[];
  readonly places: ReadonlyMap<string, Where>;
}

/** Parameters that `action_mw` and its like take from an option of another name. */
const OPTION_OF: ReadonlyMap<string, string> = new Map([['dest', 'destemail']]);

/** Where the admin's own files set what the call of a jail does not; `shipped` is the folder of ours. */
export function placesInFiles(
  sections: Sections,
  { parameters }: Call,
  shipped: string | undefined,
): ReadonlyMap<string, Where> {
  const theirs = ['DEFAULT', 'Definition', 'Init']
    .flatMap((section) => sections.settings(section))
    .filter(({ file }) => shipped === undefined || !file.startsWith(shipped + sep))
    .filter(({ name }) => !parameters.has(name));
  return new Map(
    theirs.map(({ name: option, file, line, section }) => [option, { file, line, section, option }]),
  );
}

export function placeOfParameter(action: PlacedAction, parameter: string, section: JailSection): Where {
  const inFile = action.places.get(parameter);
  if (inFile !== undefined) return inFile;
  const given = action.written.find(([name]) => name === parameter)?.[1];
  const option = OPTION_OF.get(parameter) ?? parameter;
  if (given !== undefined && textOf(section, option)?.trim() === given) return section.place(option);
  const place = section.place('action');
  return { ...place, line: lineOf(section, parameter, action.options.name) ?? place.line };
}

/** undefined = written nowhere, or not to be read: that is told where it is used. */
function textOf(section: JailSection, option: string): string | undefined {
  try {
    return section.setting(option) === undefined ? undefined : section.text(option);
  } catch (error) {
    if (error instanceof BailiffError) return undefined;
    throw error;
  }
}

/** The line of `action` that names the parameter, else the action. */
function lineOf(section: JailSection, parameter: string, action: string): number | undefined {
  const { value = '', valueLines = [] } = section.setting('action') ?? {};
  const lines = value.split('\n');
  const named = lines.findIndex((text) => text.includes(`${parameter}=`) || text.includes(`${parameter} =`));
  const at = named >= 0 ? named : lines.findIndex((text) => text.trim().startsWith(action));
  return valueLines[at];
}
