import type { AccountView } from '@hili/contract';
import type { SignedIn } from './callers.ts';
import type { AppDeps } from './deps.ts';

/** Everything that the user centre shows of an account: how to get in, and where it is signed in. */
export async function accountView({ auth }: Pick<AppDeps, 'auth'>, { row, signIn }: SignedIn): Promise<AccountView> {
  const { internalAdapter, adapter } = await auth.$context;
  const ofUser = [{ field: 'userId', value: signIn.authId }];
  const [accounts, sessions, passkeys] = await Promise.all([
    internalAdapter.findAccounts(signIn.authId),
    internalAdapter.listSessions(signIn.authId, { onlyActiveSessions: true }),
    adapter.findMany<{ id: string; name: string | null; createdAt: Date }>({ model: 'passkey', where: ofUser }),
  ]);
  const has = (provider: string) => accounts.some(({ providerId }) => providerId === provider);
  const newestFirst = <T extends { readonly createdAt: Date }>(rows: readonly T[]) =>
    rows.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return {
    email: signIn.email,
    name: signIn.name,
    createdAt: row.createdAt.toISOString(),
    language: row.language,
    mailWhenReady: row.mailWhenReady,
    hasPassword: has('credential'),
    hasWechat: has('wechat'),
    hasOidc: has('oidc'),
    passkeys: newestFirst(passkeys).map(({ id, name, createdAt }) => ({
      id,
      name: name ?? '',
      createdAt: createdAt.toISOString(),
    })),
    sessions: newestFirst(sessions).map(({ id, userAgent, createdAt, updatedAt }) => ({
      id,
      current: id === signIn.sessionId,
      agent: userAgent ?? '',
      createdAt: createdAt.toISOString(),
      seenAt: updatedAt.toISOString(),
    })),
  };
}
