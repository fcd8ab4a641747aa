import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { confirmClaim, openClaim, readClaim } from '../src/claims.ts';
import { listRebates, matureRebates, rebatesOf } from '../src/rebate-rows.ts';
import { approveRebate, ownRebates, payRebate, returnRebate } from '../src/rebates.ts';
import { dyingAt } from './dying.ts';
import { ceiling, codeOf, openRebates, operator, payee, WEEK } from './rebate-shop.ts';

const { services, db, pool, clock, keys, connection, join, buy, refund, statesOf, claimed } = await openRebates();

it('binds nothing by a scan: a claim is made by an answer, once, within ten minutes', async () => {
  const lee = await join();
  await buy(lee);
  await buy(lee);
  clock.advance(WEEK);
  await matureRebates(db, clock());
  const { token } = await openClaim(db, lee.id, clock());
  expect(token).toMatch(/^[\w-]{22}$/);
  expect(await readClaim(db, token, clock())).toMatchObject({ userId: lee.id, fen: 1200 });
  expect(await statesOf(lee)).toEqual(['eligible', 'eligible']);
  const tries = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      codeOf(confirmClaim(db, keys, token, { ...payee, wechat: `lee_${n}` }, clock())),
    ),
  );
  expect(tries.sort()).toEqual([...Array(5).fill('LINK_EXPIRED'), 'done']);
  expect(await statesOf(lee)).toEqual(['claimed', 'claimed']);
  expect(await codeOf(readClaim(db, token, clock()))).toBe('LINK_EXPIRED');
  expect(await codeOf(confirmClaim(db, keys, 'A'.repeat(22), payee, clock()))).toBe('LINK_EXPIRED');
});

it('answers a claim that is confirmed again as before, but only to who says the same, and while its token is good', async () => {
  const { lee, token, id } = await claimed();
  const confirm = (answer: typeof payee) => codeOf(confirmClaim(db, keys, token, answer, clock()));
  const [first] = await rebatesOf(db, lee.id);
  expect(await Promise.all([confirm(payee), confirm(payee)])).toEqual(['done', 'done']);
  for (const other of [
    { ...payee, wechat: 'mallory' },
    { ...payee, name: '韩梅梅' },
  ])
    expect(await confirm(other)).toBe('LINK_EXPIRED');
  expect(await codeOf(readClaim(db, token, clock()))).toBe('LINK_EXPIRED');
  expect(await rebatesOf(db, lee.id)).toEqual([first]);
  // The token claims nothing more, not even when the rebate is given back meanwhile.
  await returnRebate(db, id, 'nobody has that WeChat ID', operator);
  expect([await confirm(payee), await statesOf(lee)]).toEqual(['done', ['eligible']]);
  clock.advance(600);
  expect(await confirm(payee)).toBe('LINK_EXPIRED');
});

it('lets a claim lapse after ten minutes, and another be made', async () => {
  const lee = await join();
  await buy(lee);
  clock.advance(WEEK);
  await matureRebates(db, clock());
  const first = await openClaim(db, lee.id, clock());
  clock.advance(600);
  expect(await codeOf(confirmClaim(db, keys, first.token, payee, clock()))).toBe('LINK_EXPIRED');
  const second = await openClaim(db, lee.id, clock());
  expect(await codeOf(confirmClaim(db, keys, second.token, payee, clock()))).toBe('done');
});

it('claims all that a token says or nothing, when one of them is refunded meanwhile', async () => {
  const lee = await join();
  const order = await buy(lee);
  await buy(lee);
  clock.advance(WEEK);
  await matureRebates(db, clock());
  const { token } = await openClaim(db, lee.id, clock());
  await refund(order.id);
  expect(await codeOf(confirmClaim(db, keys, token, payee, clock()))).toBe('LINK_EXPIRED');
  expect((await statesOf(lee)).sort()).toEqual(['eligible', 'void']);
});

it('gives a rebate back to be claimed by another WeChat ID', async () => {
  const { lee, id } = await claimed();
  await approveRebate(db, keys, ceiling, id, operator, clock());
  await returnRebate(db, id, 'nobody has this WeChat ID', operator);
  expect(await ownRebates(db, lee.id)).toMatchObject([{ state: 'eligible', reason: 'nobody has this WeChat ID' }]);
  const { token } = await openClaim(db, lee.id, clock());
  await confirmClaim(db, keys, token, { ...payee, wechat: 'lee_1991' }, clock());
  await approveRebate(db, keys, ceiling, id, operator, clock());
  await payRebate(db, id, randomUUID(), operator, clock());
});

it('tells the operator when other accounts are paid to the same WeChat ID', async () => {
  const answer = { ...payee, wechat: 'Shared_ID_1' };
  await claimed(undefined, answer);
  const { id } = await claimed(undefined, { ...answer, wechat: 'shared_id_1' });
  expect((await listRebates(db, 'claimed')).find((each) => each.id === id)).toMatchObject({ others: 1 });
});

it('is claimed whole or not at all when it is killed between any two statements', async () => {
  const prepare = async () => {
    const lee = await join();
    await buy(lee);
    await buy(lee);
    clock.advance(WEEK);
    await matureRebates(db, clock());
    return { lee, ...(await openClaim(db, lee.id, clock())) };
  };
  const whole = dyingAt(connection, 0);
  await confirmClaim(whole.db, keys, (await prepare()).token, payee, clock());
  await whole.end();
  for (let n = 1; n <= whole.statements(); n++) {
    const { lee, token } = await prepare();
    const dying = dyingAt(connection, n);
    await expect(confirmClaim(dying.db, keys, token, payee, clock()), `statement ${n}`).rejects.toThrow();
    await dying.end().catch(() => {});
    expect(new Set(await statesOf(lee)).size).toBe(1);
    await confirmClaim(db, keys, token, payee, clock()).catch(() => {});
    expect(await statesOf(lee)).toEqual(['claimed', 'claimed']);
  }
});

it('still pays what was claimed when the account is deleted, drops the rest, and keeps no WeChat ID longer', async () => {
  const { lee, id } = await claimed();
  await buy(lee);
  await deleteAccount(services, lee.id, null);
  expect(await statesOf(lee)).toEqual(['void', 'claimed']);
  await approveRebate(db, keys, ceiling, id, operator, clock());
  await payRebate(db, id, randomUUID(), operator, clock());
  const { rows } = await pool.query('select payee, payee_hash from rebate where id = $1', [id]);
  expect(rows).toEqual([{ payee: null, payee_hash: null }]);
});
