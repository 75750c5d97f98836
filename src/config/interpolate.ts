/**
 * `%(x)s` as ConfigParser with Fail2Ban's extensions resolves it: `%(x)s`, `%(known/x)s`, `%(section/x)s`, `%(default/x)s`, `%%`.
 * Takes a setting among its sections; gives its text. Does not substitute `<tags>`.
 */
import { BailiffError } from '../lib/errors.js';
import { atPlace } from './problem.js';
import type { Sections, Setting } from './sections.js';

export interface Surroundings {
  readonly sections: Sections;
  /** The section whose view is taken; its name is `%(__name__)s`. */
  readonly section: string;
  /** Values that hold before those of the section: `fail2ban_version` and the like. */
  readonly given?: ReadonlyMap<string, string> | undefined;
  /** `%(known/x)s` where no earlier file has an x: in a jail, the filter's. */
  readonly known?: ReadonlyMap<string, string> | undefined;
  /** What holds for an option that is written nowhere. */
  readonly fallback?: ((option: string) => Setting | undefined) | undefined;
}

/** ConfigParser's own limit on values in values. */
const MAX_DEPTH = 10;
/** No value of a real configuration is a hundredth of this. */
const MAX_LENGTH = 1 << 20;

const REFERENCE = /%(?:%|\(([^)]+)\)s|(.{0,1}))/gsu;

/**
 * The text of a setting with every reference resolved. An error is told at the setting that holds the reference.
 * @throws BailiffError `config.interpolation` for an unknown name, a stray `%`, or values that never end.
 */
export function interpolated(setting: Setting, around: Surroundings): string {
  return resolved(setting, around, 0, { left: MAX_LENGTH });
}

function resolved(setting: Setting, around: Surroundings, depth: number, budget: { left: number }): string {
  const { file, line, section, name } = setting;
  return atPlace({ file, line, section, option: name }, () => {
    if (depth > MAX_DEPTH)
      throw bad('its references go round or deeper than 10', 'Break the chain of %(…)s references.');
    const value = setting.value.replace(REFERENCE, (whole, reference?: string) => {
      if (whole === '%%') return '%';
      if (reference === undefined) throw bad(`\`${whole}\` is a stray %`, 'Write %% for a percent sign.');
      const found = lookUp(reference.toLowerCase(), reference, setting, around);
      if (found === undefined)
        throw bad(`\`%(${reference})s\` is defined nowhere`, 'Define it in the section or in [DEFAULT].');
      return typeof found === 'string' ? found : resolved(found, around, depth + 1, budget);
    });
    budget.left -= value.length;
    if (budget.left < 0) throw bad('it grows beyond a megabyte', 'Break the chain of %(…)s references.');
    return value;
  });
}

function lookUp(
  name: string,
  written: string,
  from: Setting,
  around: Surroundings,
): string | Setting | undefined {
  const { sections, section, given, known, fallback } = around;
  const slash = written.lastIndexOf('/');
  if (slash < 0) {
    if (name === '__name__') return section;
    return given?.get(name) ?? sections.get(section, name) ?? fallback?.(name);
  }
  const place = written.slice(0, slash);
  const option = name.slice(slash + 1);
  if (place.toLowerCase() === 'default') return sections.own('DEFAULT', option);
  if (place.toLowerCase() !== 'known') return sections.get(place, option);
  // A value that extends itself means the file before its own; any other, the file before the last.
  const earlier = from.name === option ? from.known : sections.own(section, option)?.known;
  return earlier ?? known?.get(option) ?? inDefault(sections, option, from);
}

function inDefault(sections: Sections, option: string, from: Setting): Setting | undefined {
  const setting = sections.own('DEFAULT', option);
  return setting === from ? setting?.known : setting;
}

function bad(message: string, remedy: string): BailiffError {
  return new BailiffError('config.interpolation', `${message}.`, { remedy });
}
