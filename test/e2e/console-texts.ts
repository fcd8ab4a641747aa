import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '@hili/contract';

/** The console's own texts. */
export function consoleTextsOf(language: Language) {
  const path = join(import.meta.dirname, '../../packages/web/src/locales/admin', `${language}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as typeof import('../../packages/web/src/locales/admin/en.json');
}

/** A text with its `{names}` filled in. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
