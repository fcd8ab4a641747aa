import { spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect } from 'vitest';
import { openFaultTable } from './fault-table.ts';
import type { Task } from './money-process.ts';
import type { Shop } from './shop.ts';

const pem = (key: KeyObject) =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();

/** Kills steps of a shop's money path, each in a process of its own, at every point; prints the table of it when the file's tests have ended. */
export async function openKills(shop: Shop) {
  const { clock, config, connection, simulator } = shop;
  const { account } = simulator;
  const { table, count } = openFaultTable();
  // Halves the start of the processes below, of which there are many.
  const cache = await mkdtemp(join(tmpdir(), 'hili-test-'));
  afterAll(() => rm(cache, { recursive: true }));
  const common = {
    notifyUrl: shop.notifyUrl,
    connection,
    account: {
      ...{ appid: account.appid, mchid: account.mchid, serial: account.serial, apiKey: account.apiKey },
      ...{
        privateKey: pem(account.privateKey),
        platformSerial: account.platformSerial,
        host: String(account.hosts[0]),
      },
      publicKey: pem([...account.platformKeys.values()][0] as KeyObject),
    },
  };

  /** Runs a step in a process of its own. @returns its points, when it was let live; undefined when it was killed. */
  async function run(task: Pick<Task, 'act' | 'dieAt' | 'id' | 'openid' | 'notice'>): Promise<string[] | undefined> {
    const whole: Task = {
      ...common,
      ...task,
      rules: { REBATE_FEN: config.REBATE_FEN, REBATE_DAYS: config.REBATE_DAYS, REFUND_DAYS: config.REFUND_DAYS },
      now: clock().toISOString(),
    };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'money-process.ts'), JSON.stringify(whole)], {
      env: { NODE_COMPILE_CACHE: cache },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once('exit', (_code, signal) => resolve(signal)),
    );
    const printed = (await buffer(child.stdout)).toString();
    if ((await ended) === 'SIGKILL') return undefined;
    return JSON.parse(printed) as string[];
  }

  return {
    ...{ run, count },
    /** Runs a step once as it is, and then once for each of its points, at which it is killed. */
    async killAtEach(
      step: string,
      prepare: () => Promise<(dieAt: number | null) => Promise<string[] | undefined>>,
    ): Promise<void> {
      const points = await (await prepare())(null);
      expect(points?.length).toBeGreaterThan(5);
      for (const [dieAt, name] of (points ?? []).entries()) {
        const result = await (await prepare())(dieAt);
        expect(result, name).toBeUndefined();
        count(`kill -9: ${step}: ${name}`, 'injected');
      }
    },
    /** Notes that all is as it should be after the kills of a step. */
    survived(step: string): void {
      for (const [fault, row] of table) if (fault.startsWith(`kill -9: ${step}:`)) row.survived = row.injected;
    },
    /** Has the next notice taken by a process that is killed. */
    divertTo(dieAt: number | null): Promise<string[] | undefined> {
      const { promise, resolve } = Promise.withResolvers<string[] | undefined>();
      shop.divert(async (c) => {
        const raw = Buffer.from(await c.req.arrayBuffer()).toString('base64');
        shop.divert(async (late) => late.body(null, 503));
        resolve(await run({ act: 'notice', dieAt, notice: { raw, headers: c.req.header() } }));
        return c.body(null, 503);
      });
      return promise;
    },
  };
}
