import type { Act } from '@hili/server';
import { loadConfig } from '@hili/server/config';
import type { OperatorDeps } from '@hili/server/operators';

/** Flags that say who decides; an operator's address. */
export const BY = ['--by, --operator <address>', 'the operator who decides; never about what is their own'] as const;

type Decider = Awaited<ReturnType<typeof import('@hili/server/operators')['findDecider']>>;
type Server = typeof import('@hili/server');
type Deps = OperatorDeps & { readonly clock: () => Date };

/**
 * Runs an act of an operator on the data of this installation, and writes it into the audit, both or neither.
 * @param act does it, and says what the audit is told.
 * @throws AppError DATA_NOT_FOUND when the address is no operator's.
 */
export async function decide<T>(
  address: string,
  act: (server: Server, deps: Deps, by: Decider) => Promise<readonly [T, Act]>,
): Promise<T> {
  const server = await import('@hili/server');
  const { findDecider, withAccounts } = await import('@hili/server/operators');
  const clock = () => new Date();
  return withAccounts(loadConfig(), async (deps) => {
    const by = await findDecider(deps, address);
    return deps.db.transaction().execute(async (tx) => {
      const [done, told] = await act(server, { ...deps, db: tx, clock }, by);
      await server.recordAct(tx, { operator: by.name, origin: 'cli', address: null }, told, clock());
      return done;
    });
  });
}
