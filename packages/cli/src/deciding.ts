import { loadConfig } from '@hili/server/config';
import type { OperatorDeps } from '@hili/server/operators';

/** Flags that say who decides; an operator's address. */
export const BY = ['--by, --operator <address>', 'the operator who decides; never about what is their own'] as const;

type Decider = Awaited<ReturnType<typeof import('@hili/server/operators')['findDecider']>>;

/** Runs an act of an operator on the data of this installation. @throws AppError DATA_NOT_FOUND when the address is no operator's. */
export async function decide<T>(
  address: string,
  act: (server: typeof import('@hili/server'), deps: OperatorDeps & { clock: () => Date }, by: Decider) => Promise<T>,
): Promise<T> {
  const server = await import('@hili/server');
  const { findDecider, withAccounts } = await import('@hili/server/operators');
  const clock = () => new Date();
  return withAccounts(loadConfig(), async (deps) => act(server, { ...deps, clock }, await findDecider(deps, address)));
}
