/**
 * Finds categories of AbuseIPDB that speak of another service than the jail's: the guide's 22 for Postfix is SSH.
 * Takes a configuration; gives warnings. Reports leave these categories out.
 */
import { configuredCategories } from '../../action/report/categories.js';
import { serviceOf } from '../../action/report/evidence-kind.js';
import type { Configuration } from '../../config/configuration.js';
import { type Problem, problemOf } from '../../config/problem.js';
import { BailiffError } from '../../lib/errors.js';

export function lintReports({ written }: Pick<Configuration, 'written'>): readonly Problem[] {
  return written.flatMap(({ options }) => {
    const action = options.actions.find(({ native }) => native === 'abuseipdb');
    const categories = action?.parameters['abuseipdb_category'] ?? '';
    const { contradicting } = configuredCategories(categories, serviceOf(options.filter.name));
    if (contradicting.length === 0) return [];
    const error = new BailiffError(
      'lint.report-category',
      `AbuseIPDB's category ${contradicting.join(', ')} is not of this jail's service; reports leave it out.`,
      {
        remedy:
          'Choose one that fits (https://www.abuseipdb.com/categories); without one the evidence decides.',
      },
    );
    return [problemOf(error, 'warning', { section: options.name, option: 'action' })];
  });
}
