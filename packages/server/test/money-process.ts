// One step of the money path in a process of its own, which kills itself as the kernel would, at one point of it.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Hono } from 'hono';
import pg from 'pg';
import { confirmClaim } from '../src/claims.ts';
import type { Config } from '../src/config.ts';
import { connect } from '../src/database.ts';
import type { AppEnv } from '../src/deps.ts';
import type { Connection } from '../src/embedded-postgres.ts';
import type { Log } from '../src/log.ts';
import { findOrder } from '../src/order-rows.ts';
import { closeOrder, createOrder, type OrderDeps } from '../src/orders.ts';
import { SIM_SECRET } from '../src/payments/simulator/people.ts';
import { wechatPayouts } from '../src/payments/wechat/payouts.ts';
import { wechat } from '../src/payments/wechat.ts';
import { takeDuePayouts } from '../src/payout-rows.ts';
import { followPayout } from '../src/payouts.ts';
import { approveRebate } from '../src/rebates.ts';
import { askRefund } from '../src/refunds.ts';
import { noticeRoutes } from '../src/routes/notices.ts';
import { deriveKeys } from '../src/secrets.ts';

/** What to do, and before which of its points to die; null for not at all: then the points are printed. */
export interface Task {
  readonly act: 'order' | 'close' | 'refund' | 'claim' | 'approve' | 'payout' | 'notice';
  /** The user of `order`, the order of `close` and `refund`, the token of `claim`, the rebate of `approve`. */
  readonly id?: string;
  /** Who claims in WeChat. */
  readonly openid?: string;
  readonly notice?: { readonly raw: string; readonly headers: Readonly<Record<string, string>> };
  readonly dieAt: number | null;
  readonly now: string;
  readonly notifyUrl: string;
  readonly connection: Connection;
  readonly rules: Pick<Config, 'REBATE_FEN' | 'REBATE_DAYS' | 'REFUND_DAYS'>;
  readonly account: {
    readonly [Key in
      | 'appid'
      | 'mchid'
      | 'serial'
      | 'apiKey'
      | 'privateKey'
      | 'platformSerial'
      | 'publicKey'
      | 'host']: string;
  };
}

const task = JSON.parse(String(process.argv[2])) as Task;
const points: string[] = [];

function point(name: string): void {
  if (points.length === task.dieAt) process.kill(process.pid, 'SIGKILL');
  points.push(name);
}

/** The first words of a statement: what it does, and to which table or by which function. */
const nameOf = (text: string) => text.replace(/\s+/g, ' ').replace(/"/g, '').slice(0, 48).trim();

const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const text = String(typeof args[0] === 'string' ? args[0] : (args[0] as { text: string }).text);
  point(`before ${nameOf(text)}`);
  const answer = Reflect.apply(query, this, args);
  if (text === 'commit') point('while commit is under way');
  return answer;
} as typeof query;
const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const asked = `${init?.method} ${new URL(String(input)).pathname.replace(/[HR]\d{8}\w+/, '…')}`;
  point(`before ${asked}`);
  const response = await fetch(input, init);
  point(`after ${asked}`);
  return response;
};

const { appid, mchid, serial, apiKey, platformSerial, privateKey, publicKey, host } = task.account;
const account = {
  ...{ appid, mchid, serial, apiKey, platformSerial, hosts: [host], privateKey: createPrivateKey(privateKey) },
  platformKeys: new Map([[platformSerial, createPublicKey(publicKey)]]),
};
const silent = () => {};
const log = { warn: silent, error: silent, info: silent, debug: silent } as unknown as Log;
const clock = () => new Date(task.now);
const { db } = connect(task.connection, log);
const provider = wechat({ account, clock, notifyUrl: task.notifyUrl });
const keys = deriveKeys('s'.repeat(32));
const service = { appid, secret: SIM_SECRET, api: host };
const payouts = wechatPayouts({ account, service, clock, notifyUrl: task.notifyUrl });
const deps: OrderDeps = {
  ...{ db, clock, log, config: task.rules, keys, payouts },
  providers: new Map([[provider.name, provider]]),
};

const id = task.id ?? '';
if (task.act === 'order') await createOrder(deps, id, { package: 'photos-3', provider: 'wechat' });
if (task.act === 'refund') await askRefund(deps, id, 'test');
if (task.act === 'close') {
  const order = await findOrder(db, id);
  if (order) await closeOrder(deps, order, 'test');
}
if (task.act === 'claim') await confirmClaim(db, keys, id, { appid, openid: String(task.openid) }, clock());
if (task.act === 'approve') {
  const rules = { REBATE_DAILY_FEN: 1_000_000_000, DEMO_PAYMENTS: false, WECHAT_SERVICE_APPID: appid };
  await approveRebate(db, keys, rules, id, { userId: undefined, name: 'operator' }, clock());
}
if (task.act === 'payout')
  for (const payout of await takeDuePayouts(db, appid, clock(), 1)) await followPayout(deps, payout);
if (task.act === 'notice') {
  const app = new Hono<AppEnv>().route('/', noticeRoutes(deps));
  const body = Buffer.from(task.notice?.raw ?? '', 'base64');
  await app.request('/wechat/notify', { method: 'POST', body, headers: { ...task.notice?.headers } });
}
point('after the end');
console.log(JSON.stringify(points));
process.exit();
