import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { browserPath } from '../browser.ts';
import { type Desk, openDesk } from './desk.ts';
import { type RunningServer, startServer } from './server.ts';
import { launchOptions, WORK_MS } from './visitor.ts';

/** What the tests of one part of the console share; it is there once they run. */
export interface AtConsole {
  readonly browser: Browser;
  readonly server: RunningServer;
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
  const executablePath = browserPath();
  describe.skipIf(!executablePath)(`${part} at the console`, { timeout: WORK_MS }, () => {
    const at: Partial<{ -readonly [Key in keyof AtConsole]: AtConsole[Key] }> = {};
    beforeAll(async () => {
      at.server = await startServer({ WORKER: 'off', ...settings });
      at.browser = await chromium.launch(launchOptions(executablePath));
      at.desk = await openDesk(at.browser, at.server, 'operator@example.com', width);
    }, 2 * WORK_MS);
    afterAll(async () => {
      await at.browser?.close();
      await at.server?.stop();
    });
    tests(at as AtConsole);
  });
}
