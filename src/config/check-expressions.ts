/**
 * Whether a filter can do its work: it has expressions, each can give an address or an id, and they compile.
 * Takes a loaded filter; gives errors with file and line. Compiling is judged by the filter stage through `compiles`.
 */
import type { FilterOptions } from '../filter/match.js';
import { BailiffError, type Where } from '../lib/errors.js';
import type { LoadedFilter } from './filter-definition.js';

/** Tags and groups that can give an id; F-MLFID counts as well, since its address may stand on another line. */
const GIVES_ID =
  /<(?:HOST|ADDR|IP4|IP6|DNS|SUBNET|CIDR|F-(?:ID|IP4|IP6|ADDR|DNS|MLFID|HOST))\b\/?>|\(\?P<(?:fid|ip4|ip6|dns|mlfid|host)>/;

/** What is wrong with the filter's expressions. */
export function checkExpressions(
  filter: LoadedFilter,
  compiles: ((options: FilterOptions) => readonly BailiffError[]) | undefined,
): readonly BailiffError[] {
  const { options } = filter;
  if (options.failregex.length === 0) return [noExpression(filter)];
  const errors: BailiffError[] = [];
  if (options.prefregex === undefined || !GIVES_ID.test(options.prefregex)) {
    for (const [index, expression] of options.failregex.entries()) {
      if (!GIVES_ID.test(expression)) errors.push(noAddress(filter, index, expression));
    }
  }
  if (compiles === undefined) return errors;
  for (const error of compiles(options)) {
    // Told above, expression by expression.
    if (error.code === 'filter.no-address-group' && errors.length > 0) continue;
    const where = placeOf(filter, error.where.option ?? 'failregex', indexIn(options, error));
    errors.push(new BailiffError(error.code, error.message, { where, remedy: error.remedy, cause: error }));
  }
  return errors;
}

/** Which expression an error is about: the one that its message quotes. */
function indexIn(options: FilterOptions, error: BailiffError): number | undefined {
  const { option = 'failregex' } = error.where;
  if (option !== 'failregex' && option !== 'ignoreregex' && option !== 'successregex') return undefined;
  const index = options[option].findIndex((text) => error.message.includes(text));
  return index < 0 ? undefined : index;
}

function noExpression(filter: LoadedFilter): BailiffError {
  return new BailiffError('config.filter-empty', `the filter \`${filter.options.name}\` has no failregex.`, {
    where: placeOf(filter, 'failregex'),
    remedy: 'Give it a failregex with <HOST> in it, or name another filter.',
  });
}

function noAddress(filter: LoadedFilter, index: number, expression: string): BailiffError {
  const shown = expression.length > 60 ? `${expression.slice(0, 60)}…` : expression;
  return new BailiffError('config.filter-no-address', `\`${shown}\` can give no address.`, {
    where: placeOf(filter, 'failregex', index),
    remedy: 'Put <HOST>, <ADDR> or <F-ID>…</F-ID> where the address stands.',
  });
}

/** Where an expression of a list stands. */
export function placeOf(filter: LoadedFilter, option: string, index?: number): Where {
  const setting = filter.places.get(option);
  if (setting === undefined) return { option };
  const lines = setting.value.split('\n');
  // Written as it is: each expression has a line of its own in the file.
  const filled = setting.valueLines.filter((_, at) => (lines[at] ?? '').trim() !== '');
  const known =
    index !== undefined && !/%\(|<[a-z][\w<>-]*>\s*$/.test(setting.value) ? filled[index] : undefined;
  return { file: setting.file, line: known ?? setting.line, section: setting.section, option };
}
