/**
 * Writes docs/settings.md from the table of settings (after a build).
 */
import { writeFileSync } from 'node:fs';
import { settingsDocument } from '../dist/src/config/settings-document.js';

writeFileSync(new URL('../docs/settings.md', import.meta.url), settingsDocument());
