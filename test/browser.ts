import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const STATE = join(import.meta.dirname, '..', 'node_modules', '.hili-setup.json');

/**
 * The browser that `node scripts/setup.mjs --test` found or installed.
 * @returns undefined when there is none: then tests that need one are skipped, as the set-up has said aloud.
 */
export function browserPath(): string | undefined {
  if (!existsSync(STATE)) return undefined;
  const { browser } = JSON.parse(readFileSync(STATE, 'utf8')) as { browser?: string };
  return browser && existsSync(browser) ? browser : undefined;
}
