import type { Wish } from '@hili/contract';
import { createStore } from './store.ts';
import { photosIn, tray } from './tray.ts';

/** What shall be done with the photos on the desk; undefined until it is set, and once the desk is empty. */
export const deskWish = createStore<Wish | undefined>(undefined);

tray.subscribe(() => {
  if (deskWish.get() && photosIn('chosen').length === 0 && !photosIn('sending').some(({ alone }) => alone))
    deskWish.set(undefined);
});
