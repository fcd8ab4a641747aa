import type { Language } from '@hili/contract';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { loadConfig } from '../../packages/server/src/config.ts';
import { openDatabase } from '../../packages/server/src/database.ts';
import { openLog } from '../../packages/server/src/log.ts';
import { openTotp } from '../../packages/server/test/operator.ts';
import { consoleTextsOf } from './console-texts.ts';
import type { RunningServer } from './server.ts';
import { newVisitor, signIn, textsOf, type Visitor } from './visitor.ts';

/** An operator at the console. */
export interface Desk extends Visitor {
  readonly email: string;
  readonly words: ReturnType<typeof consoleTextsOf>;
  readonly main: Locator;
  /** The question before an act. */
  readonly dialog: Locator;
  /** Codes for the day on which the phone is lost; each works once. */
  readonly recoveryCodes: string[];
  /** Goes to a place of the console, such as `orders?q=H2026`, and waits until it is there. */
  open(place: string): Promise<void>;
  /** The row, or on a phone the card, with these words. */
  row(words: string): Locator;
  /** Begins an act, of the page or of a row: its question is open then, with what was asked for filled in by label. */
  ask(name: string, fields?: Readonly<Record<string, string>>, within?: Locator): Promise<void>;
  /** Confirms the act that is asked about. */
  confirm(name: string): Promise<void>;
  /** Begins an act, confirms it, and waits until its question has closed. */
  act(name: string, fields?: Readonly<Record<string, string>>, within?: Locator): Promise<void>;
  /** Fails unless the audit shows each of these acts, with what stands beside it, as this operator's. */
  expectAudited(...acts: readonly (readonly [act: string, beside: string])[]): Promise<void>;
}

/** Makes an operator and signs them in, as far as the gate of the console: they have no second factor yet. */
export async function newDesk(
  browser: Browser,
  server: RunningServer,
  email: string,
  width: 390 | 1440 = 1440,
  language: Language = 'en',
  options: BrowserContextOptions = {},
): Promise<Desk> {
  const visitor = await newVisitor(browser, server.url, language, width, options);
  const { page } = visitor;
  const words = consoleTextsOf(language);
  const main = page.getByRole('main');
  const dialog = page.getByRole('alertdialog');
  await server.hili('operator', 'create', '--email', email);
  await signIn(page, server, textsOf(language), email);
  await page.goto(`${server.url}/admin`);
  await page.getByRole('heading', { name: words.enrol.title }).waitFor();

  const desk: Desk = {
    ...visitor,
    ...{ email, words, main, dialog },
    recoveryCodes: [],
    async open(place) {
      await page.goto(`${server.url}/admin/${place}`);
      await main.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    },
    row: (text) => main.getByRole(width === 390 ? 'listitem' : 'row').filter({ hasText: text }),
    async ask(name, fields = {}, within = main) {
      await within.getByRole('button', { name, exact: true }).click();
      for (const [label, value] of Object.entries(fields)) await fillIn(dialog, label, value);
    },
    confirm: (name) => dialog.getByRole('button', { name, exact: true }).click(),
    async act(name, fields, within) {
      await desk.ask(name, fields, within);
      await desk.confirm(name);
      await dialog.waitFor({ state: 'detached' });
    },
    async expectAudited(...acts) {
      await desk.open('audit');
      for (const [act, beside] of acts)
        await desk.row(act).filter({ hasText: beside }).filter({ hasText: email }).first().waitFor();
    },
  };
  return desk;
}

/** Joins an authenticator app, as far as the codes for the day on which the phone is lost. */
export async function joinApp({ page, main, words, recoveryCodes }: Desk): Promise<void> {
  await page.getByRole('img', { name: words.enrol.qr }).locator('path').waitFor();
  const secret = String(await main.locator('code').textContent()).replaceAll(' ', '');
  const totp = openTotp({ clock: () => new Date() }, secret);
  await page.getByLabel(words.factor.totp).fill(totp.code());
  await main.getByRole('button', { name: words.enrol.prove, exact: true }).click();
  await page.getByRole('heading', { name: words.recovery.title }).waitFor();
  recoveryCodes.push(...(await main.locator('ol li').allTextContents()));
}

/** Says that the codes are kept, which opens the console. */
export async function enter({ page, main, words }: Desk): Promise<void> {
  await page.getByRole('checkbox', { name: words.recovery.kept }).check();
  await main.getByRole('button', { name: words.recovery.on, exact: true }).click();
  await page.getByRole('heading', { name: words.place.today }).waitFor();
}

/** Opens the console for a new operator, who has just shown an authenticator app. */
export async function openDesk(...from: Parameters<typeof newDesk>): Promise<Desk> {
  const desk = await newDesk(...from);
  await joinApp(desk);
  await enter(desk);
  return desk;
}

/** Lets so many minutes pass since any second factor was shown. */
export async function age({ folder }: RunningServer, minutes: number): Promise<void> {
  const config = loadConfig({ ...process.env, HILI_DATA: folder });
  const { pool, close } = await openDatabase(config, openLog('silent', 'test'));
  await pool.query('update step_up set at = at - make_interval(mins => $1)', [minutes]);
  await close();
}

async function fillIn(dialog: Locator, label: string, value: string): Promise<void> {
  const choice = dialog.getByRole('combobox', { name: label, exact: true });
  const field = choice.or(dialog.getByLabel(label, { exact: true })).first();
  await field.waitFor();
  if ((await choice.count()) > 0) await choice.selectOption(value);
  else await field.fill(value);
}

/** Fails when anything has gone wrong that the server did not mean: of what it refused, browsers tell by themselves. */
export function expectNoFaults({ faults }: Visitor, ...refused: readonly number[]): void {
  const meant = new RegExp(`Failed to load resource.*(${refused.join('|')})`);
  expect(faults.filter((fault) => refused.length === 0 || !meant.test(fault))).toEqual([]);
}
