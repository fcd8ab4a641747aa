import { isOutage } from './database.ts';
import { postExpiryNotices } from './expiry-notices.ts';
import { heal } from './leases.ts';
import type { Log } from './log.ts';
import { type RetentionDeps, removeOrphans, sweep } from './retention.ts';
import { startRounds } from './rounds.ts';

/** Milliseconds between two rounds: how late a picture may be removed, or a silent run be noticed. */
const ROUND_MS = 5_000;
/** Rounds between two searches for files that nobody names, since these read the whole storage. */
const ORPHAN_ROUNDS = 120;
/** Rounds between two looks for credits that lapse soon: an hour. */
const NOTICE_ROUNDS = 720;

/**
 * Does what time asks for, round after round: mends jobs, removes pictures, lets credits lapse and says so before. Every process does it,
 * so that pictures go even when no worker lives; what one does, the others skip.
 * @returns stops, once the round under way has ended.
 */
export function keepHouse(deps: RetentionDeps & { readonly log: Log }): () => Promise<void> {
  const { log } = deps;
  const aside = new Map<string, Date>();
  const pieces: Readonly<Record<string, (round: number) => Promise<object>>> = {
    jobs: async () => ({ jobs: await heal(deps) }),
    ends: () => sweep(deps, aside),
    notices: async (round) => ({ notices: round % NOTICE_ROUNDS === 0 ? await postExpiryNotices(deps) : 0 }),
    files: async (round) => ({ files: round % ORPHAN_ROUNDS === 0 ? await removeOrphans(deps) : 0 }),
  };
  return startRounds(ROUND_MS, async (round) => {
    const counts: Record<string, number> = {};
    for (const [piece, work] of Object.entries(pieces)) {
      try {
        Object.assign(counts, await work(round));
      } catch (error) {
        // The database comes back by itself; anything else stays until somebody looks, and must not hold up the rest.
        if (isOutage(error)) return log.warn({ error }, 'a round of housekeeping failed');
        log.error({ error, step: piece }, 'a step of housekeeping failed');
      }
    }
    if (Object.values(counts).some((count) => count > 0)) log.info(counts, 'kept house');
  });
}
