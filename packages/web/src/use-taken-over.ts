import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** Whether this part of a ready page has been taken over. Until then it must look as it was made, for everybody, whatever is known by now. */
export const useTakenOver = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
