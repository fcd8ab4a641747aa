import fc from 'fast-check';
import { beforeEach, expect, it, vi } from 'vitest';
import { openClaim } from '../src/claims.ts';
import { type NoticeFault, TAMPERS } from '../src/payments/simulator/notices.ts';
import { FAULTS } from '../src/payments/simulator/simulator.ts';
import { brokenInvariants } from '../src/wallets.ts';
import { openCounter } from './claims.ts';
import { openKills } from './kills.ts';
import { openShop } from './shop.ts';

// Each kill starts a process, which takes 0.2 s of an idle core.
vi.setConfig({ testTimeout: 400_000 });

const shop = await openShop({ REBATE_DAYS: '0' });
const { db, clock, simulator } = shop;
const { notices, transfers } = simulator;
const counter = openCounter(shop);
const { run, count, killAtEach, survived, divertTo } = await openKills(shop);
const DAY = 86_400;
const FEN = 200;

type Rebate = Awaited<ReturnType<typeof counter.sent>>;

beforeEach(() => {
  notices.clear();
  simulator.faults.length = 0;
  shop.divert(undefined);
});

async function sweep() {
  while ((await shop.sweep()) > 0);
}

/** Each of these has come to its owner, once, by one payout and one transfer at WeChat. */
async function expectPaidOnce(rebates: readonly Rebate[]) {
  const numbers: string[] = [];
  for (const each of rebates) {
    expect(await counter.rebate(each)).toMatchObject({ state: 'paid', method: 'transfer', payee: null });
    const payouts = await counter.payouts(each);
    expect(payouts.filter(({ state }) => state === 'done')).toHaveLength(1);
    numbers.push(...payouts.map(({ outBillNo }) => outBillNo));
  }
  expect(counter.given(numbers)).toBe(rebates.length * FEN);
  expect(await brokenInvariants(db)).toEqual([]);
}
async function acceptAll(rebates: readonly Rebate[]) {
  for (const each of rebates) expect(await counter.accept(each)).toBe(true);
  await shop.pass(0);
}

it('claims all or nothing, for who is at the phone, when killed between any two statements of a claim in WeChat', async () => {
  const claims: (Awaited<ReturnType<typeof counter.eligible>> & { openid: string })[] = [];
  await killAtEach('claim in WeChat', async () => {
    const { openid } = counter.payee();
    const claim = { ...(await counter.eligible()), openid };
    claims.push(claim);
    return (dieAt) => run({ act: 'claim', dieAt, id: claim.token, openid });
  });
  for (const claim of claims) {
    const state = (await counter.rebate(claim))?.state;
    expect(['eligible', 'claimed']).toContain(state);
    if (state === 'claimed') continue;
    const { token } = await openClaim(db, claim.buyer.id, clock());
    await counter.confirm(token, { appid: simulator.account.appid, openid: claim.openid });
  }
  for (const { id } of claims) await counter.approve(id);
  await sweep();
  for (const each of claims) {
    const [payout] = await counter.payouts(each);
    expect(transfers.made.get(String(payout?.outBillNo))?.openid).toBe(each.openid);
  }
  await acceptAll(claims);
  await expectPaidOnce(claims);
  survived('claim in WeChat');
});

it('sends once when killed between any two statements of an approval', async () => {
  const claims: Rebate[] = [];
  await killAtEach('approval', async () => {
    const claim = await counter.eligible();
    await counter.confirm(claim.token);
    claims.push(claim);
    return (dieAt) => run({ act: 'approve', dieAt, id: claim.id });
  });
  for (const { id } of claims) await counter.approve(id).catch(() => {});
  await sweep();
  for (const each of claims) expect(await counter.payouts(each)).toHaveLength(1);
  await acceptAll(claims);
  await expectPaidOnce(claims);
  survived('approval');
});

it('sends once, with the number that was stored, when killed between any two statements of asking WeChat', async () => {
  const rebates: Rebate[] = [];
  await killAtEach('payout asked', async () => {
    await sweep();
    rebates.push(await counter.sent());
    return (dieAt) => run({ act: 'payout', dieAt });
  });
  await shop.pass(900, { sweepEvery: 60 });
  for (const each of rebates) expect(await counter.payouts(each)).toHaveLength(1);
  await acceptAll(rebates);
  await expectPaidOnce(rebates);
  survived('payout asked');
});

it('is paid once when killed between any two statements of taking note that the money was accepted', async () => {
  const rebates: Rebate[] = [];
  await killAtEach('payout accepted', async () => {
    shop.divert(undefined);
    const rebate = await counter.sent();
    await sweep();
    rebates.push(rebate);
    return async (dieAt) => {
      const taken = divertTo(dieAt);
      await counter.accept(rebate);
      await shop.pass(0);
      return taken;
    };
  });
  shop.divert(undefined);
  await shop.pass(15);
  await expectPaidOnce(rebates);
  survived('payout accepted');
});

it('can be claimed again once when killed between any two statements of taking note that nobody accepted it', async () => {
  const rebates: Rebate[] = [];
  await killAtEach('payout lapsed', async () => {
    await sweep();
    const rebate = await counter.sent();
    await sweep();
    rebates.push(rebate);
    clock.advance(DAY + 1);
    // It is looked at as closing first, and as closed by who is killed.
    await sweep();
    clock.advance(601);
    return (dieAt) => run({ act: 'payout', dieAt });
  });
  await shop.pass(3600, { sweepEvery: 600 });
  for (const each of rebates) {
    expect(await counter.rebate(each)).toMatchObject({ state: 'eligible', payee: null });
    const { token } = await openClaim(db, each.buyer.id, clock());
    await counter.confirm(token);
    await counter.approve(each.id);
  }
  await sweep();
  await acceptAll(rebates);
  await expectPaidOnce(rebates);
  survived('payout lapsed');
});

const noticeFault: fc.Arbitrary<NoticeFault> = fc.record({
  drop: fc.boolean(),
  copies: fc.integer({ min: 1, max: 3 }),
  delaySeconds: fc.integer({ min: 0, max: 4000 }),
  tamper: fc.option(fc.constantFrom(...TAMPERS), { nil: undefined }),
});
const answerFault = fc.record({
  match: fc.constantFrom(/POST .*transfer-bills/, /GET .*out-bill-no/),
  times: fc.integer({ min: 1, max: 2 }),
  // Each hang takes a second of real time.
  kind: fc.constantFrom(...FAULTS.filter((kind) => kind !== 'hang')),
});
const payment = fc.record({
  end: fc.constantFrom('accepted', 'late', 'failed', 'left'),
  fault: noticeFault,
  isSlow: fc.boolean(),
});

it('sends each rebate once at most, and to who accepted it, whatever faults strike', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(payment, { minLength: 1, maxLength: 4 }),
      fc.array(answerFault, { maxLength: 5 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 10 }),
      async (payments, faults, order) => {
        notices.clear();
        const struck = new Map(simulator.struck);
        let turn = 0;
        const choose = <Due>(due: readonly Due[]) => due[(order[turn++ % order.length] as number) % due.length];
        const made: Rebate[] = [];
        for (const { isSlow } of payments) {
          made.push(await counter.sent());
          transfers.isSlow = isSlow;
        }
        simulator.faults.splice(0, Number.POSITIVE_INFINITY, ...faults.map((fault) => ({ ...fault })));
        await shop.pass(3600, { choose, sweepEvery: 600 });
        const accepted = new Set<Rebate>();
        for (const [n, { end, fault }] of payments.entries()) {
          const each = made[n] as Rebate;
          notices.faults.push(fault);
          const [payout] = await counter.payouts(each);
          if (end === 'accepted' && (await counter.accept(each))) accepted.add(each);
          else if (end === 'failed' && transfers.made.has(String(payout?.outBillNo)))
            simulator.failTransfer(String(payout?.outBillNo));
          else notices.faults.pop();
        }
        // What is left lapses; who comes late finds nothing to accept.
        await shop.pass(DAY + 7200, { choose, sweepEvery: 7200 });
        for (const [n, { end }] of payments.entries())
          if (end === 'late') expect(await counter.accept(made[n] as Rebate)).toBe(false);
        await shop.pass(DAY, { choose, sweepEvery: 21_600 });
        for (const each of made) {
          const [payout, ...more] = await counter.payouts(each);
          expect(more).toEqual([]);
          expect(await counter.rebate(each)).toMatchObject({ state: accepted.has(each) ? 'paid' : 'eligible' });
          expect(counter.given([String(payout?.outBillNo)])).toBe(accepted.has(each) ? FEN : 0);
        }
        expect(await brokenInvariants(db)).toEqual([]);
        for (const [kind, times] of simulator.struck)
          for (const column of ['injected', 'survived'] as const)
            count(`answer: ${kind}`, column, times - (struck.get(kind) ?? 0));
        for (const [n, { fault }] of payments.entries())
          if (fault.tamper && accepted.has(made[n] as Rebate))
            for (const column of ['injected', 'survived'] as const) count(`notice: tampered ${fault.tamper}`, column);
      },
    ),
    { numRuns: 10 },
  );
});
