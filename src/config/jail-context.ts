/**
 * What the reading of a jail knows beside its own section: the other sections, the files, whom to tell.
 */
import type { CheckAction } from '../action/options.js';
import type { FilterOptions } from '../filter/match.js';
import type { BailiffError } from '../lib/errors.js';
import type { ConfigurationEnvironment } from './environment.js';
import type { ConfigLayers } from './layers.js';
import type { Problem } from './problem.js';
import type { Sections } from './sections.js';

export interface JailContext {
  readonly sections: Sections;
  readonly layers: ConfigLayers;
  readonly asFail2ban: boolean;
  readonly environment: ConfigurationEnvironment;
  /** Whether a filter's expressions compile; the filter stage's own judgement. */
  readonly checkFilter: ((options: FilterOptions) => readonly BailiffError[]) | undefined;
  /** Whether a native action can do what it is told; the action stage's own judgement. */
  readonly checkAction: CheckAction | undefined;
  readonly tell: (problem: Problem) => void;
}
