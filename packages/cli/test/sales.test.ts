import { withDatabase } from '@hili/server';
import { loadConfig } from '@hili/server/config';
import { raiseIssue } from '@hili/server/console';
import { createOperator, withAccounts } from '@hili/server/operators';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askFapiao } from '../../server/src/fapiao.ts';
import { changeOrder, findOrder, insertOrder } from '../../server/src/order-rows.ts';
import type { Order } from '../../server/src/order-tables.ts';
import { findSignIn } from '../../server/src/sign-ins.ts';
import { findOrCreateUser } from '../../server/src/users.ts';
import { redeemVoucher } from '../../server/src/vouchers.ts';
import { available, brokenInvariants, grant } from '../../server/src/wallets.ts';
import { holdOpen } from './held.ts';
import { folder, hili } from './run.ts';

const [ANN, BOB, LEE] = ['ann@example.com', 'bob@example.com', 'lee@example.com'] as const;
let data: string;
let lee: { id: string; walletId: string };
let requestId: string;
const orders: Order[] = [];
const config = () => loadConfig({ HILI_DATA: data });
const run = (...args: string[]) => hili(args, data, { HILI_DATA: data });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
const onData = <T>(work: Parameters<typeof withDatabase<T>>[1]) => withDatabase(config(), work);
const by = (who: string) => ['--by', who];

// As beside a running server: the database stays up between the commands, and each of them joins it.
beforeAll(async () => {
  data = await folder();
  const { close } = await holdOpen(data, (work) => onData(work));
  await withAccounts(config(), async (deps) => {
    const { auth, db } = deps;
    for (const email of [ANN, BOB, LEE]) await createOperator(deps, email);
    lee = await findOrCreateUser(db, String((await findSignIn(auth, LEE))?.id), 'en', new Date());
    for (const [number, fen, credits] of [
      ['HTEST0001', 4980, 3],
      ['HTEST0002', 600_000, 1200],
    ] as const)
      orders.push(
        await db.transaction().execute((tx) =>
          insertOrder(tx, {
            ...{ outTradeNo: number, userId: lee.id, walletId: lee.walletId, provider: 'offline', simulated: false },
            ...{ package: 'photos-3', credits, fen, currency: 'CNY', createdAt: new Date() },
            ...{ expiresAt: new Date(Date.now() + 900_000), nextCheckAt: null },
          }),
        ),
      );
  });
  return close;
}, 60_000);
afterAll(async () => expect(await onData((db) => brokenInvariants(db))).toEqual([]));

it('confirms orders by bank transfer, above the limit by two operators, and lists those that wait', async () => {
  expect((await run('orders', 'list')).stdout).toMatch(/HTEST0001 .* 49\.80 CNY\n.*HTEST0002 .* 6000\.00 CNY/);
  const small = await run('orders', 'confirm', 'HTEST0001', '--receipt', 'BANK-1', '--amount', '49.80', ...by(ANN));
  expect(small.stdout).toBe('order HTEST0001 is paid: 3 photos granted for 49.80\n');
  const wrong = await run('orders', 'confirm', 'HTEST0002', '--receipt', 'BANK-2', '--amount', '600.00', ...by(ANN));
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/expected 600000 fen for HTEST0002 but received 60000/),
  ]);
  const large = ['orders', 'confirm', 'HTEST0002', '--receipt', 'BANK-2'];
  expect((await run(...large, '--operator', ANN)).stdout).toMatch(/waits for another operator/);
  expect(await json('orders', 'list')).toMatchObject([{ number: 'HTEST0002', receipts: ['BANK-2'] }]);
  expect(await json(...large, ...by(BOB))).toEqual({
    number: 'HTEST0002',
    state: 'granted',
    fen: 600_000,
    credits: 1200,
  });
  expect((await run('orders', 'list')).stdout).toBe('no orders wait\n');
  expect(await onData((db) => available(db, lee.walletId, new Date()))).toBe(1203);
});

it('lets nobody confirm their own order, and nobody who is no operator', async () => {
  const own = await run('orders', 'confirm', 'HTEST0001', '--receipt', 'BANK-1', ...by(LEE));
  expect([own.code, own.stderr]).toEqual([1, expect.stringMatching(/operator's own/)]);
  const stranger = await run('orders', 'confirm', 'HTEST0001', '--receipt', 'BANK-1', ...by('eve@example.com'));
  expect([stranger.code, stranger.stderr]).toEqual([1, expect.stringMatching(/expected the address of an operator/)]);
});

it('grants a partner the credits of a transfer, lists it, and takes back what bounced', async () => {
  await run('partner', 'create', '--code', 'hiliad', '--name', 'Hili Ad');
  const sale = ['partner', 'pay', '--code', 'hiliad', '--receipt', 'BANK-3', '--amount', '1000.00', '--credits', '200'];
  for (let times = 0; times < 2; times += 1)
    expect((await run(...sale, ...by(ANN))).stdout).toBe('200 credits granted to hiliad for 1000.00\n');
  expect(await json('partner', 'list')).toMatchObject([{ code: 'hiliad', credits: 200 }]);
  expect((await run('partner', 'payments')).stdout).toMatch(
    /BANK-3 +hiliad +granted +1000\.00 +200 .* ann@example\.com/,
  );
  const back = await run('partner', 'reverse', '--receipt', 'BANK-3', '--reason', 'bounced', ...by(BOB));
  expect(back.stdout).toBe('BANK-3 is reversed: 200 unspent credits taken back\n');
  expect(await json('partner', 'list')).toMatchObject([{ code: 'hiliad', credits: 0 }]);
});

it('makes vouchers, one a line, that redeem once; lists and ends them', async () => {
  const made = await run('vouchers', 'create', '--count', '3', '--credits', '5', '--note', 'fair', ...by(ANN));
  const codes = made.stdout.trim().split('\n');
  expect(codes).toHaveLength(3);
  const answer = await onData((db, keys) => redeemVoucher(db, keys, lee.id, String(codes[0]), new Date()));
  expect(answer).toMatchObject({ photos: 5 });
  const [batch] = await json('vouchers', 'list');
  expect(batch).toMatchObject({ vouchers: 3, redeemed: 1, revoked: 0, credits: 5, note: 'fair', createdBy: ANN });
  const listed = await run('vouchers', 'list');
  for (const code of codes) expect(listed.stdout).not.toContain(code);
  expect((await run('vouchers', 'revoke', batch.id, '--reason', 'a mistake', ...by(BOB))).stdout).toMatch(/^2 codes/);
});

it('lists requests for a fapiao with what is left of the price, and notes the number', async () => {
  requestId = await onData(async (db) => {
    const order = await findOrder(db, String(orders[0]?.id));
    const wish = { title: '示例有限公司', taxNumber: '91310000MA1K00000X', email: 'lee@example.com' };
    return (await askFapiao(db, order as Order, wish, { language: 'zh', operator: undefined }, new Date())).id;
  });
  expect((await run('fapiao', 'list')).stdout).toMatch(/open .* HTEST0001 .* 49\.80 +示例有限公司 +91310000MA1K00000X/);
  expect((await run('fapiao', 'issue', requestId, '--number', '2611200000', ...by(ANN))).stdout).toMatch(/is issued/);
  const again = await run('fapiao', 'refuse', requestId, '--reason', 'late', ...by(ANN));
  expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/expected the id of an open request/)]);
  expect((await run('fapiao', 'list')).stdout).toBe('no requests\n');
  expect(await json('fapiao', 'list', '--all')).toMatchObject([{ state: 'issued', note: '2611200000', endedBy: ANN }]);
});

it('writes every act into the audit, and none of those that were refused', async () => {
  const all = await onData((db) => db.selectFrom('audit').selectAll().orderBy('id').execute());
  expect(
    all.filter(({ act }) => act === 'partner.create'),
    'by whoever is at the machine',
  ).toHaveLength(1);
  const rows = all.filter(({ act }) => act !== 'partner.create');
  expect(rows.map(({ act, operator, origin }) => `${act} ${operator} ${origin}`)).toEqual([
    ...[`order.confirm ${ANN} cli`, `order.confirm ${ANN} cli`, `order.confirm ${BOB} cli`],
    ...[`partner.payment ${ANN} cli`, `partner.payment ${ANN} cli`, `transfer.reverse ${BOB} cli`],
    ...[`batch.create ${ANN} cli`, `batch.revoke ${BOB} cli`, `fapiao.issued ${ANN} cli`],
  ]);
  expect(rows[2]).toMatchObject({
    subject: `order ${orders[1]?.id}`,
    after: { reference: 'BANK-2', state: 'granted' },
  });
});

it('says what is wrong with a sum, a number and a missing operator', async () => {
  for (const amount of ['-1', '1.234'])
    expect(
      (await run('orders', 'confirm', 'H1', '--receipt', 'BANK-9', '--amount', amount, ...by(ANN))).stderr,
      amount,
    ).toMatch(/Expected a sum/);
  expect((await run('vouchers', 'create', '--count', '0', '--credits', '1', ...by(ANN))).stderr).toMatch(/1 to 1000/);
  expect((await run('vouchers', 'create', '--count', '1', '--credits', '1')).stderr).toMatch(/--by, --operator/);
});

it('complains of photos that were bought in a demonstration where payments are real', async () => {
  const doctor = async (demo: string) =>
    hili(['doctor', '--json'], data, { HILI_DATA: data, DEMO_PAYMENTS: demo }).then(({ stdout }) =>
      JSON.parse(stdout.trim().split('\n').at(-1) ?? ''),
    );
  expect(await doctor('off')).toMatchObject({ check: 'database', ok: true });
  const now = new Date();
  await onData((db) =>
    db.transaction().execute(async (tx) => {
      const bought = await insertOrder(tx, {
        ...{ outTradeNo: 'HDEMO0001', userId: lee.id, walletId: lee.walletId, provider: 'wechat-sim', simulated: true },
        ...{ package: 'photos-3', credits: 3, fen: 4980, currency: 'CNY' },
        ...{ createdAt: now, expiresAt: now, nextCheckAt: null },
      });
      await changeOrder(tx, bought.id, { state: 'paid', transactionId: 'demo-1', paidAt: now });
      const lot = { walletId: lee.walletId, credits: 3, source: 'purchase', ref: bought.id, expiresAt: null } as const;
      await grant(tx, { ...lot, key: `pay:${bought.outTradeNo}`, actor: 'system' }, now);
    }),
  );
  expect(await onData((db) => brokenInvariants(db))).toEqual([]);
  expect(await doctor('off')).toMatchObject({ ok: false, found: expect.stringContaining('received 3') });
  expect(await doctor('on')).toMatchObject({ ok: true });
});

it('complains of a difference in payments that nobody has looked into for a day, and says how to', async () => {
  const doctor = () =>
    hili(['doctor', '--json'], data, { HILI_DATA: data }).then(({ stdout }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .find(({ check }) => check === 'differences'),
    );
  expect(await doctor()).toMatchObject({ ok: true, found: 'none in payments' });
  const raise = (outTradeNo: string, hours: number) =>
    onData((db) =>
      raiseIssue(
        db,
        { kind: 'unknown_order', provider: 'wechat', outTradeNo, detail: {} },
        new Date(Date.now() - hours * 3_600_000),
      ),
    );
  await raise('HNEW', 1);
  expect(await doctor()).toMatchObject({ ok: true, found: expect.stringMatching(/^1 .*hili list issues/) });
  await raise('HOLD', 25);
  expect(await doctor()).toMatchObject({ ok: false, found: expect.stringMatching(/received 1: hili list issues/) });
});
