/**
 * The stages' own judgement on a configuration, for whoever reads one to run or to show it: expressions, and actions that
 * send. `config/` knows no stage, so it is handed in.
 */
import { checkAction } from './check-action.js';
import { checkFilter } from './check-filter.js';

export const stageChecks = { checkFilter, checkAction } as const;
