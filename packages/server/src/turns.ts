/** Does a piece of work when it is somebody's turn. */
export type Turns = <T>(who: string, work: () => Promise<T>) => Promise<T>;

/**
 * Shares few places among many: everybody has one at most, and who waits is served in a round, so that a long list of one does not hold
 * up the next.
 * @param places how much is done at once in all.
 */
export function openTurns(places: number): Turns {
  const running = new Set<string>();
  /** What each of them waits with; whose turn was last stands last. */
  const waiting = new Map<string, (() => void)[]>();

  function serve(): void {
    for (const [who, begins] of waiting) {
      if (running.size >= places) return;
      if (running.has(who)) continue;
      const begin = begins.shift();
      if (begins.length === 0) waiting.delete(who);
      running.add(who);
      begin?.();
    }
  }

  return async (who, work) => {
    await new Promise<void>((begin) => {
      const begins = waiting.get(who);
      if (begins) begins.push(begin);
      else waiting.set(who, [begin]);
      serve();
    });
    try {
      return await work();
    } finally {
      running.delete(who);
      const more = waiting.get(who);
      if (more) {
        waiting.delete(who);
        waiting.set(who, more);
      }
      serve();
    }
  };
}
