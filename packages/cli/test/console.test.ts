import { withDatabase } from '@hili/server';
import { loadConfig } from '@hili/server/config';
import { raiseIssue } from '@hili/server/console';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { folder, hili } from './run.ts';

const data = await folder();
// As beside a server: the commands join a database that runs.
const [ready, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
const database = withDatabase(loadConfig({ HILI_DATA: data }), () => {
  ready.resolve();
  return over.promise;
});
beforeAll(() => Promise.race([ready.promise, database]));
afterAll(() => {
  over.resolve();
  return database;
});
const OPERATOR = 'op@example.com';
const run = (...args: string[]) => hili(args, data, { HILI_DATA: data, PORT: '4999' });
async function json(...args: string[]) {
  const ended = await run(...args, '--json');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ended.stdout);
}
const act = (...args: string[]) => json(...args, '--by', OPERATOR, '--reason', 'because of a test');

it('writes down what is done at the command line as what is done at the console', async () => {
  await json('operator', 'create', '--email', OPERATOR);
  await json('partner', 'create', '--code', 'club', '--name', 'Club', '--credits', '5');
  await json('partner', 'rotate', '--code', 'club');
  await json('partner', 'addresses', '--code', 'club', '192.0.2.0/24');
  await json('partner', 'disable', '--code', 'club');
  await json('partner', 'enable', '--code', 'club');
  const audit = await json('list', 'audit');
  expect(audit.map(({ act: name }: { act: string }) => name).reverse()).toEqual([
    ...['operator.create', 'partner.create', 'partner.grant', 'partner.rotate', 'partner.addresses'],
    ...['partner.disable', 'partner.enable'],
  ]);
  for (const row of audit)
    expect(row).toMatchObject({ origin: 'cli', address: null, operator: expect.stringMatching(/./) });
  expect(await json('list', 'partners')).toMatchObject([{ code: 'club', available: 5, addresses: ['192.0.2.0/24'] }]);
});

it('changes a setting for the running server, and refuses what the environment could not say either', async () => {
  await act('settings', 'set', 'FREE_PER_DAY', '5');
  const list = await json('settings', 'list');
  expect(list.find(({ key }: { key: string }) => key === 'FREE_PER_DAY')).toMatchObject({
    value: '5',
    from: 'console',
  });
  const wrong = await run('settings', 'set', 'FREE_PER_DAY', 'many', '--by', OPERATOR, '--reason', 'x');
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('for FREE_PER_DAY but received "many"');
  await act('settings', 'unset', 'FREE_PER_DAY');
  const stranger = await run('settings', 'unset', 'FREE_PER_DAY', '--by', 'nobody@example.com', '--reason', 'x');
  expect(stranger).toMatchObject({ code: 1 });
});

it('disables a user, and takes credits back', async () => {
  const person = 'lee@example.com';
  await json('operator', 'create', '--email', person);
  await json('credits', 'grant', '--email', person, '--credits', '4', '--reference', 'sorry');
  const [user] = await json('list', 'users', '--search', person);
  const shown = JSON.parse((await run('users', 'show', user.id)).stdout);
  expect(shown.lots).toMatchObject([{ source: 'goodwill', available: 4 }]);
  const lot = String(shown.lots[0].id);
  expect(await act('credits', 'revoke', '--lot', lot, '--reference', 'mistake')).toMatchObject({ revoked: 4 });
  await act('users', 'disable', user.id);
  expect(await json('list', 'users', '--state', 'disabled')).toMatchObject([
    { email: person, reason: 'because of a test' },
  ]);
  await act('users', 'enable', user.id);
  await json('operator', 'reset', '--email', person);
  const csv = await run('list', 'audit', '--csv', '--owner', user.id);
  expect(csv.stdout.split('\r\n').filter(Boolean)).toHaveLength(5);
  expect(csv.stdout).toContain('"credits.revoke"');
  expect(await run('list', 'audit', '--search', 'nothing such')).toMatchObject({ code: 0, stdout: 'no rows\n' });
});

it('writes down who exports a table at the command line too', async () => {
  expect((await run('list', 'orders', '--csv', '--search', 'H2026')).code).toBe(0);
  const [row] = await json('list', 'audit', '--search', 'table.export orders');
  expect(row).toMatchObject({ origin: 'cli', subject: 'table orders', after: { q: 'H2026' } });
});

it('says how things stand, what differs, and all of one partner, in words and as JSON', async () => {
  const today = await json('today');
  expect(today).toMatchObject({ brokenInvariants: [], photos: { taken: 0 }, tasks: { issues: 0 } });
  expect(today.queueWait).toHaveLength(24);
  const said = await run('today');
  expect(said.stdout).toContain('Waiting now: 0. Running');
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(
    /^The books balance\.\nNothing waits for you\.\nThe last 24 hours:\n {2}Photos taken in: 0;/,
  );
  expect(await json('orders', 'check')).toEqual({ bills: 0, differences: [] });
  await withDatabase(loadConfig({ HILI_DATA: data }), (db) =>
    raiseIssue(db, { kind: 'unknown_order', provider: 'wechat', outTradeNo: 'H1', detail: { fen: 1 } }, new Date()),
  );
  expect(await json('orders', 'check')).toMatchObject({ differences: [{ kind: 'unknown_order', outTradeNo: 'H1' }] });
  expect((await run('orders', 'check')).stdout).toMatch(/unknown_order +wechat +H1/);
  expect((await run('today')).stdout).toContain('Waiting for you:\n  Differences in payments to look into: 1');
  const partner = JSON.parse((await run('partners', 'show', 'club')).stdout);
  expect(partner).toMatchObject({ partner: { code: 'club', available: 5 }, lots: [{ granted: 5 }] });
  expect(partner.usage).toHaveLength(30);
  expect(JSON.stringify(partner)).not.toMatch(/secret_key|secretKey/);
  expect(await run('partners', 'show', 'nobody')).toMatchObject({ code: 1, stdout: '' });
});
