import { loadConfig } from '@hili/server/config';
import { type OperatorDeps, withAccounts } from '@hili/server/operators';
import { beforeAll, expect, it } from 'vitest';
import { listLots } from '../../server/src/wallets.ts';
import { holdOpen } from './held.ts';
import { folder, hili } from './run.ts';

let data: string;
let deps: OperatorDeps;
const settings = () => ({ HILI_DATA: data, HILI_PUBLIC_URL: 'https://photo.example/' });
const run = (...args: string[]) => hili(args, data, settings());
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
const signIn = (email: string, password: string) =>
  deps.auth.api.signInEmail({ body: { email, password } }).then(
    ({ user }) => user,
    () => undefined,
  );
const tokenIn = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? '';

// As beside a running server: the database stays up between the commands, and each of them joins it.
beforeAll(async () => {
  data = await folder();
  const { given, close } = await holdOpen<OperatorDeps>(data, (work) => withAccounts(loadConfig(settings()), work));
  deps = given;
  return close;
});

it('makes the first operator, who sets a password by a link that works once', async () => {
  const ended = await run('operator', 'create', '--email', 'Boss@Example.com');
  expect(ended).toMatchObject({ code: 0 });
  const link = /https:\S+/.exec(ended.stdout)?.[0] ?? '';
  expect(link).toMatch(/^https:\/\/photo\.example\/reset-password#token=[\w-]{43}$/);
  expect(ended.stdout).toContain('https://photo.example/admin\n');
  for (const password of ['', 'admin', 'password', 'changeme'])
    expect(await signIn('boss@example.com', password)).toBeUndefined();
  const reset = () =>
    deps.auth.api.resetPassword({ body: { token: tokenIn(link), newPassword: 'a lamp in the attic' } });
  await reset();
  await expect(reset()).rejects.toThrow();
  expect(await signIn('boss@example.com', 'a lamp in the attic')).toMatchObject({ role: 'admin', emailVerified: true });
});

it('makes somebody who has an account an operator, and keeps the account', async () => {
  const { user } = await deps.auth.api.createUser({
    body: { email: 'lee@example.com', name: 'Lee', password: 'the old password' },
  });
  expect(user.role).toBe('user');
  expect(await json('operator', 'create', '--email', 'lee@example.com')).toMatchObject({
    email: 'lee@example.com',
    isNew: false,
  });
  expect(await signIn('lee@example.com', 'the old password')).toMatchObject({
    id: user.id,
    name: 'Lee',
    role: 'admin',
  });
});

it('gives a user credits once for one reference, with the rights of a package', async () => {
  await deps.auth.api.createUser({ body: { email: 'paid@example.com', name: '' } });
  const grant = (...more: string[]) =>
    json('credits', 'grant', '--email', 'paid@example.com', '--credits', '50', '--package', '50', '--batch', ...more);
  expect(await grant('--reference', 'order 1')).toEqual({ email: 'paid@example.com', granted: 50 });
  expect(await grant('--reference', 'order 1')).toEqual({ email: 'paid@example.com', granted: 0 });
  const { id: walletId } = await deps.db
    .selectFrom('wallet')
    .select('id')
    .where('kind', '=', 'user')
    .executeTakeFirstOrThrow();
  const lots = await listLots(deps.db, walletId, new Date());
  expect(lots).toMatchObject([{ source: 'goodwill', available: 50, package: '50', batch: true }]);
});

it('says that there are no complaints', async () => {
  expect(await run('complaints', 'list')).toMatchObject({ code: 0, stdout: 'no complaints\n' });
  expect(await json('complaints', 'list', '--all')).toEqual([]);
});

it('says what is wrong: no address, nobody’s address, a number that is none', async () => {
  for (const [code, args] of [
    [1, ['operator', 'create', '--email', 'nobody']],
    [2, ['operator', 'create']],
    [1, ['complaints', 'answer', 'nothing', '--text', 'We are sorry.']],
    [1, ['complaints', 'answer', 'nothing', '--text', ' ']],
    [2, ['complaints', 'answer', 'nothing']],
    [1, ['credits', 'grant', '--email', 'stranger@example.com', '--credits', '5']],
    [2, ['credits', 'grant', '--email', 'paid@example.com', '--credits', '-5']],
    [2, ['credits', 'grant', '--email', 'paid@example.com', '--credits', '5', '--expires', '2020-01-01']],
  ] as const) {
    const ended = await run(...args);
    expect(ended, args.join(' ')).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(/expected|Expected|required/);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  }
});
