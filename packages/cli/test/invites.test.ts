import { withDatabase } from '@hili/server';
import { loadConfig } from '@hili/server/config';
import { createOperator, type OperatorDeps, withAccounts } from '@hili/server/operators';
import { beforeAll, expect, it } from 'vitest';
import { confirmClaim, openClaim } from '../../server/src/claims.ts';
import { bindInvite, ownCode } from '../../server/src/invite-binding.ts';
import { matureRebates } from '../../server/src/rebate-rows.ts';
import { deriveKeys, seal } from '../../server/src/secrets.ts';
import { findSignIn } from '../../server/src/sign-ins.ts';
import { findOrCreateUser } from '../../server/src/users.ts';
import { openOrder, takeMoney } from '../../server/test/paid-orders.ts';
import { holdOpen } from './held.ts';
import { folder, hili } from './run.ts';

let data: string;
const run = (...args: string[]) => hili(args, data, { HILI_DATA: data });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
const by = (email: string) => ['--operator', email];
const [LEE, KIM, BOSS] = ['lee@example.com', 'kim@example.com', 'boss@example.com'] as const;

/** An operator's account; with a code, made by that invite and in the inviter's own browser. */
async function join(deps: OperatorDeps, email: string, code?: string) {
  const { auth, db, keys } = deps;
  await createOperator(deps, email);
  const signIn = await findSignIn(auth, email);
  const rules = {
    INVITE_CREDITS_INVITER: 3,
    INVITE_CREDITS_INVITEE: 3,
    INVITE_DAYS: 90,
    INVITES_PER_MONTH: 20,
    REFUND_DAYS: 30,
  };
  return findOrCreateUser(db, String(signIn?.id), 'en', new Date(), (tx, userId) =>
    bindInvite(tx, keys, rules, { userId, code, ownerCode: code, email, network: null }, new Date()),
  );
}

// As beside a running server: the database stays up between the commands, and each of them joins it.
beforeAll(async () => {
  data = await folder();
  const config = loadConfig({ HILI_DATA: data, REBATE_FEN: 'photos-10:600', REBATE_DAYS: '0' });
  const { close } = await holdOpen(data, (work) => withDatabase(config, work));
  // Kim came by Lee's link in Lee's own browser, has bought, and has claimed the rebate.
  await withAccounts(config, async (deps) => {
    const { db, keys } = deps;
    await join(deps, BOSS);
    const lee = await join(deps, LEE);
    const kim = await join(deps, KIM, await ownCode(db, keys, { id: lee.id, email: LEE }, new Date()));
    const order = await openOrder(db, kim, new Date());
    await db.transaction().execute((tx) => takeMoney(tx, deps, order, new Date()));
    await matureRebates(db, new Date());
    const { token } = await openClaim(db, kim.id, new Date());
    await confirmClaim(db, keys, token, { wechat: 'kim_1990', name: 'Kim' }, new Date());
  });
  return close;
}, 60_000);

it('has an operator reward an invite in review, and none of their own', async () => {
  const [{ id, suspicion, inviter, invitee }] = await json('invites', 'list', '--state', 'review');
  expect([suspicion, inviter, invitee]).toEqual(['device', LEE, KIM]);
  for (const own of [KIM, 'nobody@example.com']) {
    const ended = await run('invites', 'approve', id, ...by(own));
    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^hili: expected (an invite of others|the address of an operator) /),
    });
  }
  expect(await run('invites', 'approve', id)).toMatchObject({ code: 2 });
  expect(await json('invites', 'approve', id, ...by(BOSS))).toEqual({ id, state: 'rewarded' });
  expect(await run('invites', 'refuse', id, ...by(BOSS))).toMatchObject({ code: 1 });
  expect((await run('invites', 'list')).stdout).toMatch(new RegExp(`${id} +rewarded +device +${LEE} +${KIM}`));
});

it('lists rebates whose WeChat ID was sealed with a secret that is lost', async () => {
  const config = loadConfig({ HILI_DATA: data });
  const [{ id }] = await json('rebates', 'list', '--state', 'claimed');
  const setPayee = (payee: Buffer | null) =>
    withDatabase(config, (db) => db.updateTable('rebate').set({ payee }).where('id', '=', id).execute());
  const sealed = await withDatabase(config, (db) =>
    db.selectFrom('rebate').select('payee').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  await setPayee(seal(deriveKeys('a secret that nobody has any more').seal, '{}', `rebate/${id}`));
  expect(await json('rebates', 'list')).toMatchObject([{ id, payee: { wechat: 'unreadable' } }]);
  expect((await run('rebates', 'list')).stdout).toContain('unreadable (sealed with another secret)');
  expect(await json('list', 'rebates')).toMatchObject([{ id, payee: { wechat: 'unreadable' } }]);
  await setPayee(sealed.payee);
});

it('has an operator approve a rebate, not their own, and note its payment once', async () => {
  const [{ id, payee, email }] = await json('rebates', 'list', '--state', 'claimed');
  expect([payee, email]).toEqual([{ wechat: 'kim_1990', name: 'Kim' }, KIM]);
  expect(await run('rebates', 'approve', id, ...by(KIM))).toMatchObject({ code: 1, stdout: '' });
  expect(await json('rebates', 'approve', id, ...by(BOSS))).toEqual({ id, state: 'approved' });
  const paid = ['rebates', 'paid', id, '--receipt', '1000050001', ...by(BOSS)] as const;
  expect(await json(...paid)).toEqual({ id, state: 'paid' });
  expect(await run(...paid)).toMatchObject({ code: 1 });
  const { stdout } = await run('rebates', 'list');
  expect(stdout).toMatch(new RegExp(`${id} +paid +manual +6.00 +${KIM} +1000050001`));
  expect(stdout).not.toContain('kim_1990');
  expect(await run('rebates', 'return', id, ...by(BOSS))).toMatchObject({ code: 2 });
});
