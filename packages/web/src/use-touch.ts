import { useSyncExternalStore } from 'react';

const query = () => matchMedia('(pointer: coarse)');

function subscribe(listener: () => void) {
  const media = query();
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

/** Whether the visitor's finger is the pointer, as on phones, which have a camera. False while the page is made ready on the server. */
export const useTouch = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => query().matches,
    () => false,
  );
