import { createStore, useStore } from '../store.ts';

const news = createStore('');

/** Has assistive technology read a sentence out, politely. */
export const announce = (text: string): void => news.set(text);

/** The page's one live region. It stands in every page from the first moment, or its first words would be lost. */
export function News() {
  return (
    <p role="status" className="sr-only">
      {useStore(news)}
    </p>
  );
}
