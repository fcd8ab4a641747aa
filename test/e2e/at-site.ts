import type { Language } from '@hili/contract';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { browserPath } from '../browser.ts';
import { type RunningServer, startServer } from './server.ts';
import { launchOptions, newVisitor, type Visitor, WORK_MS } from './visitor.ts';

/** What the tests of one block share; it is there once they run. */
export interface AtSite {
  readonly browser: Browser;
  readonly server: RunningServer;
  /** Somebody new at this server, as `newVisitor` makes them. */
  visitor(language: Language, width: 390 | 1440, options?: BrowserContextOptions): Promise<Visitor>;
}

interface Needs {
  /** What the server is told beside its defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Milliseconds that each test may take. */
  readonly timeout?: number;
}

/** Tests with a server and a browser of their own; skipped where there is no browser. */
export function atSite(what: string, { settings = {}, timeout = WORK_MS }: Needs, tests: (at: AtSite) => void): void {
  const executablePath = browserPath();
  describe.skipIf(!executablePath)(what, { timeout }, () => {
    const at = {} as { -readonly [Key in keyof AtSite]: AtSite[Key] };
    beforeAll(async () => {
      at.server = await startServer(settings);
      at.browser = await chromium.launch(launchOptions(executablePath));
    }, 2 * WORK_MS);
    afterAll(async () => {
      await at.browser?.close();
      await at.server?.stop();
    });
    at.visitor = (...who) => newVisitor(at.browser, at.server.url, ...who);
    tests(at);
  });
}
