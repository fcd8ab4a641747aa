import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The layer that lies over the page at this entry of the history. */
    layer?: string;
  }
}

let opened = 0;

/**
 * Makes what it is rendered in a layer over the page, which the browser's Back takes away before it leaves the page: on a phone that is how
 * people close things. Closed otherwise, it takes its entry of the history with it.
 */
export function Layer({ onBack }: { readonly onBack: () => void }) {
  const { navigate, history } = useRouter();
  const latest = useRef(onBack);
  latest.current = onBack;
  useEffect(() => {
    const layer = `${Date.now()}-${++opened}`;
    const isHere = () => history.location.state.layer === layer;
    void navigate({ to: '.', search: true, hash: true, state: (state) => ({ ...state, layer }), resetScroll: false });
    let place: number | undefined;
    const look = () => {
      const { __TSR_index: now } = history.location.state;
      if (isHere()) place = now;
      // Further on lies a layer over this one, or another page.
      else if (place !== undefined && now <= place) latest.current();
    };
    look();
    const stop = history.subscribe(look);
    return () => {
      stop();
      if (isHere()) history.back();
    };
  }, [navigate, history]);
  return null;
}
