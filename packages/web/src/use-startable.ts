import { useActivePhoto, useMe } from './queries.ts';
import { useStore } from './store.ts';
import { tray } from './tray.ts';

/** What the visitor may start now. */
export interface Startable {
  /** Photos that are left, without those on their way; undefined until it is known. */
  readonly left: number | undefined;
  /** Whether another photo has to be ready first. */
  readonly waits: boolean;
}

export function useStartable(): Startable {
  const me = useMe();
  const active = useActivePhoto();
  const under = useStore(tray).photos.filter(({ state }) => state === 'sending').length;
  if (!me) return { left: undefined, waits: false };
  const waits = !me.batch && (active !== undefined || under > 0);
  return { left: Math.max(0, me.photosLeft - under), waits };
}
