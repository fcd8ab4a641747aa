import { AppError } from '@hili/contract';

/** Seconds after which who is refused may try again. */
const WAIT_SECONDS = 10;

/**
 * Few places for each of many: whoever has them all is refused until one is given back.
 * @returns takes a place, and answers how it is given back, once however often that is called; @throws AppError RATE_LIMITED
 */
export function openPlaces(most: number): (who: string) => () => void {
  const taken = new Map<string, number>();
  return (who) => {
    const count = taken.get(who) ?? 0;
    if (count >= most)
      throw new AppError('RATE_LIMITED', {
        detail: `expected at most ${most} at once but received another`,
        retryAfter: WAIT_SECONDS,
      });
    taken.set(who, count + 1);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const left = (taken.get(who) ?? 1) - 1;
      if (left > 0) taken.set(who, left);
      else taken.delete(who);
    };
  };
}
