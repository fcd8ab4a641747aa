import { useEffect } from 'react';
import { createStore, useStore } from '../store.ts';

/** Milliseconds for which a sentence is shown: long enough for slow readers. */
const SHOWN_MS = 10_000;

const news = createStore('');
const shown = createStore('');

/** Has assistive technology read a sentence out, politely. */
export const announce = (text: string): void => news.set(text);

/** Says a sentence to everybody: what has been done, where nothing on the page that follows shows it. */
export function tell(text: string): void {
  announce(text);
  shown.set(text);
}

/** The page's one live region, which stands in every page from the first moment, or its first words would be lost; and what is told. */
export function News() {
  return (
    <>
      <p role="status" className="sr-only">
        {useStore(news)}
      </p>
      <Told />
    </>
  );
}

function Told() {
  const text = useStore(shown);
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => shown.set(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text]);
  if (!text) return null;
  return (
    <p
      aria-hidden="true"
      className="pointer-events-none fixed inset-x-4 bottom-[calc(var(--foot)+1rem)] z-40 mx-auto w-fit animate-appear rounded-2xl bg-ink px-6 py-4 text-center font-semibold text-paper shadow-print"
    >
      {text}
    </p>
  );
}
