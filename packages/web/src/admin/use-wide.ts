import { useSyncExternalStore } from 'react';

const WIDE = '(min-width: 64rem)';
const onWidth = (listener: () => void) => {
  const query = matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/** Whether there is room for columns, and for the places beside the page. */
export const useWide = () => useSyncExternalStore(onWidth, () => matchMedia(WIDE).matches);
