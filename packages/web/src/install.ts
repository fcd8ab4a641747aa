import { createStore } from './store.ts';

/** Chromium's offer to install the page; other browsers have a place of their own for it. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

/** The offer that the browser has made, until it is taken up. */
export const installOffer = createStore<InstallOffer | undefined>(undefined);

/** Waits for the browser's offer, and has the service worker look after the page from the next visit on. */
export function prepareApp(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    installOffer.set(event as InstallOffer);
  });
  window.addEventListener('appinstalled', () => installOffer.set(undefined));
  // Without it, as in private windows, the page is the same but for being there offline.
  if (import.meta.env.PROD) navigator.serviceWorker?.register('/sw.js').catch(() => undefined);
}
