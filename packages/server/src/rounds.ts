/**
 * Does something, and again so many milliseconds after it has ended, until it is stopped. What it throws is for itself to catch.
 * @param work is told which round it is, from 0.
 * @returns stops, once the round under way has ended.
 */
export function startRounds(everyMs: number, work: (round: number) => Promise<void>): () => Promise<void> {
  let stopped = false;
  let wake = () => {};
  const rounds = (async () => {
    for (let round = 0; !stopped; round += 1) {
      await work(round);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, stopped ? 0 : everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return async () => {
    stopped = true;
    wake();
    await rounds;
  };
}
