// How heavy and how quick the first page is to somebody who comes for the first time: npm run bench writes its table into
// docs/benchmarks.md; `node bench/web.ts` prints it.
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, errors } from 'playwright-core';
import { browserPath } from '../test/browser.ts';
import { withServer } from './server.ts';

const PAGE = join(import.meta.dirname, '..', 'packages', 'web', 'dist', 'index.html');
/** Loads of one row, each with nothing kept of the one before; the table has their median and the worst. */
const LOADS = 7;
/** "Fast 4G" of Chrome DevTools: 9 and 1.5 Mbit/s less a tenth, and 60 ms 2.75 times, each request. */
const FAST_4G = { downloadThroughput: (9e6 / 8) * 0.9, uploadThroughput: (1.5e6 / 8) * 0.9, latency: 60 * 2.75 };
const SCREENS = [
  { name: 'phone, 390 px, 3 dots a pixel', width: 390, height: 844, deviceScaleFactor: 3, isMobile: true },
  { name: 'desk, 1440 px', width: 1440, height: 900, deviceScaleFactor: 1, isMobile: false },
] as const;
const LANGUAGES = ['en', 'zh'] as const;
const GATES = { script: 120, paint: 1500, shift: 0.02 };
/** Milliseconds of quiet after the load, in which a larger paint or a late shift would still come. */
const QUIET_MS = 1000;
/** Loads in all that may not come to their end, each within 30 s: they are tried again, and told. */
const MOST_STUCK = 3;

interface Load {
  /** Kilobytes (1024) of files as they came over the line, compressed and without headers: scripts, pictures, everything. */
  readonly script: number;
  readonly pictures: number;
  readonly all: number;
  /** Milliseconds until the largest contentful paint, and what was painted. */
  readonly paint: number;
  readonly painted: string;
  /** Cumulative layout shift. */
  readonly shift: number;
}

async function load(browser: Browser, url: string, screen: (typeof SCREENS)[number], language: string): Promise<Load> {
  const { width, height, deviceScaleFactor, isMobile } = screen;
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, deviceScaleFactor, isMobile, locale: language });
  try {
    const page = await context.newPage();
    const line = await context.newCDPSession(page);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', { offline: false, ...FAST_4G });
    const kinds = new Map<string, { type: string; headers: number }>();
    const bytes = { script: 0, pictures: 0, all: 0 };
    line.on('Network.responseReceived', ({ requestId, type, response }) =>
      kinds.set(requestId, { type, headers: response.encodedDataLength }),
    );
    line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const { type, headers } = kinds.get(requestId) ?? { type: '', headers: 0 };
      const kilobytes = (encodedDataLength - headers) / 1024;
      bytes.all += kilobytes;
      if (type === 'Script') bytes.script += kilobytes;
      if (type === 'Image') bytes.pictures += kilobytes;
    });
    await page.addInitScript(`
      globalThis.seen = { paint: 0, painted: '', shift: 0 };
      new PerformanceObserver((list) => {
        for (const { startTime, url, element } of list.getEntries())
          Object.assign(seen, { paint: startTime, painted: url ? url.replace(/.*\\//, '') : element?.tagName.toLowerCase() });
      }).observe({ type: 'largest-contentful-paint', buffered: true });
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) seen.shift += value;
      }).observe({ type: 'layout-shift', buffered: true });`);
    await page.goto(url, { waitUntil: 'load' });
    // The connection for news stays open, so the network is never idle: the number of photos left comes last.
    await page.getByTestId('photos-left').waitFor();
    await page.waitForTimeout(QUIET_MS);
    return { ...bytes, ...((await page.evaluate('seen')) as Pick<Load, 'paint' | 'painted' | 'shift'>) };
  } finally {
    await context.close();
  }
}

const sorted = (loads: readonly Load[], of: 'script' | 'pictures' | 'all' | 'paint' | 'shift') =>
  loads.map((each) => each[of]).sort((a, b) => a - b);
const median = (values: readonly number[]) => values[values.length >> 1] as number;
const most = (values: readonly number[]) => values.at(-1) as number;

/** Runs all of it on a server of its own. @returns a table in Markdown, or the word why there is none. */
export async function benchWeb(): Promise<string> {
  const executablePath = browserPath();
  if (!executablePath) return 'Not measured: no browser. `node scripts/setup.mjs --test` finds or installs one.';
  if (!existsSync(PAGE)) return 'Not measured: the page is not built. `node scripts/setup.mjs` builds it.';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const before = loadavg()[0] as number;
  try {
    return await withServer(async ({ url }) => {
      // The first page of all fills the server's caches and the system's.
      await load(browser, url, SCREENS[1], 'en');
      const rows: string[] = [];
      let stuck = 0;
      const once = async (screen: (typeof SCREENS)[number], language: string): Promise<Load> => {
        try {
          return await load(browser, url, screen, language);
        } catch (error) {
          if (!(error instanceof errors.TimeoutError) || ++stuck > MOST_STUCK) throw error;
          return once(screen, language);
        }
      };
      for (const screen of SCREENS)
        for (const language of LANGUAGES) {
          const loads: Load[] = [];
          for (let i = 0; i < LOADS; i++) loads.push(await once(screen, language));
          const [script, paint, shift] = (['script', 'paint', 'shift'] as const).map((of) => sorted(loads, of)) as [
            number[],
            number[],
            number[],
          ];
          const met = most(script) <= GATES.script && median(paint) < GATES.paint && most(shift) < GATES.shift;
          rows.push(
            `| ${screen.name}, ${language} | ${median(script).toFixed(1)} | ${median(sorted(loads, 'pictures')).toFixed(0)} | ${median(sorted(loads, 'all')).toFixed(0)} | ${median(paint).toFixed(0)} | ${most(paint).toFixed(0)} | ${loads.at(-1)?.painted} | ${most(shift).toFixed(3)} | ${met ? 'met' : 'missed'} |`,
          );
        }
      return [
        '| Home, first visit | KB of script | of pictures | of all | LCP ms | worst | what it is | CLS | gates |',
        '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
        ...rows,
        '',
        `Chromium ${browser.version()}, nothing kept from before, ${LOADS} loads a row, medians; KB of 1024 bytes, compressed, without headers. The line is "Fast 4G" of Chrome DevTools, 8.1 Mbit/s down, 1.35 up, 165 ms for each request; the processor is not slowed, and the machine's load was ${before.toFixed(1)} before. Gates: ${GATES.script} KB of script, an LCP (largest contentful paint) below ${GATES.paint / 1000} s, a CLS (cumulative layout shift) below ${GATES.shift} in every load. Loads that did not come to their end within 30 s: ${stuck}.`,
      ].join('\n');
    });
  } finally {
    await browser.close();
  }
}

if (import.meta.main) console.log(await benchWeb());
