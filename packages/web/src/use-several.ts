import { useSyncExternalStore } from 'react';
import { useMe } from './queries.ts';

const never = () => () => undefined;

/** Whether the visitor may have several photos at once. False until the ready page has been taken over: it was made for everybody. */
export function useSeveral(): boolean {
  const taken = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (useMe()?.batch ?? false) && taken;
}
