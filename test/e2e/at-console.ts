import { beforeAll } from 'vitest';
import { type AtSite, atSite } from './at-site.ts';
import { type Desk, openDesk } from './desk.ts';
import { WORK_MS } from './visitor.ts';

/** What the tests of one part of the console share; it is there once they run. */
export interface AtConsole extends AtSite {
  /** An operator who has just shown a second factor. */
  readonly desk: Desk;
}

/** Tests of one part of the console, with a server of their own that has no worker unless it is set, and an operator at it. */
export function atConsole(
  part: string,
  settings: Readonly<Record<string, string>>,
  tests: (at: AtConsole) => void,
  width: 390 | 1440 = 1440,
): void {
  atSite(`${part} at the console`, { settings: { WORKER: 'off', ...settings } }, (site) => {
    const at = site as { -readonly [Key in keyof AtConsole]: AtConsole[Key] };
    beforeAll(async () => {
      at.desk = await openDesk(at.browser, at.server, 'operator@example.com', width);
    }, WORK_MS);
    tests(at);
  });
}
