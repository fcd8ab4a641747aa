import type { JobView } from '@hili/contract';
import { useRef } from 'react';
import { useNow } from './use-now.ts';

/** An estimate is shown only after this much has been seen of a run: before, it jumps about. */
const SEEN_MS = 4_000;
const SEEN_SHARE = 0.08;

/** Seconds that a run may still take, from its pace since this page first saw it; undefined until that means anything. */
export function useTimeLeft({ id, state, progress }: JobView): number | undefined {
  const now = useNow(1_000);
  const seen = useRef<{ id: string; at: number; progress: number; latest: number; latestAt: number }>(undefined);
  if (state !== 'running') return undefined;
  if (seen.current?.id !== id) seen.current = { id, at: now, progress, latest: progress, latestAt: now };
  const first = seen.current;
  if (progress !== first.latest) {
    first.latest = progress;
    first.latestAt = now;
  }
  const share = first.latest - first.progress;
  const took = first.latestAt - first.at;
  if (took < SEEN_MS || share < SEEN_SHARE) return undefined;
  return Math.max(0, (took / share) * (1 - first.latest) - (now - first.latestAt)) / 1000;
}
