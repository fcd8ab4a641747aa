import type { PrintView } from '@hili/contract';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { codeOf, type ProblemCode } from '../client.ts';
import { fetchPrints } from '../drafts.ts';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useSeveral } from '../queries.ts';
import { split, type TrayPhoto } from '../tray.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';
import { announce } from './news.tsx';
import { ProblemNote } from './problem-note.tsx';

const PrintsOffer = lazy(() => import('./prints-offer.tsx').then((part) => ({ default: part.PrintsOffer })));

type Search =
  | { readonly state: 'idle' }
  | { readonly state: 'looking'; readonly sent: number }
  | { readonly state: 'found'; readonly prints: readonly PrintView[] }
  | { readonly state: 'failed'; readonly problem: ProblemCode };

/** Finds the prints that lie side by side on a scan, which is sent for it, and offers them as photos of their own. */
export function PrintFinder({ photo }: { readonly photo: TrayPhoto }) {
  const { t, language } = useSpeech();
  const several = useSeveral();
  const [search, setSearch] = useState<Search>({ state: 'idle' });
  const stop = useRef<AbortController>(null);
  const { key, file, url } = photo;
  useEffect(() => () => stop.current?.abort(), []);

  async function look() {
    const aborter = new AbortController();
    const { signal } = aborter;
    stop.current = aborter;
    setSearch({ state: 'looking', sent: 0 });
    try {
      const way = {
        signal,
        onSent: (sent: number) => setSearch({ state: 'looking', sent }),
        onPause: () => undefined,
      };
      const prints = await fetchPrints(file, way);
      if (signal.aborted) return;
      setSearch({ state: 'found', prints });
      announce(prints.length > 1 ? t('prints.title', { count: prints.length }) : t('tray.onePhoto'));
    } catch (error) {
      if (!signal.aborted) setSearch({ state: 'failed', problem: codeOf(error) });
    }
  }

  if (search.state === 'found' && search.prints.length > 1 && url)
    return (
      <Suspense>
        <PrintsOffer
          source={url}
          prints={search.prints}
          several={several}
          onTake={(prints) => (prints.length > 0 ? split(key, prints) : setSearch({ state: 'idle' }))}
        />
        {!several && <p className="text-soft">{t('tray.onePrint')}</p>}
      </Suspense>
    );
  const looking = search.state === 'looking';
  return (
    <>
      <button type="button" className={button.plain} aria-disabled={looking} onClick={() => looking || void look()}>
        <Icon name="prints" className="size-5" />
        {looking
          ? search.sent < 1
            ? t('tray.sendingScan', { percent: percent(language, search.sent) })
            : t('tray.looking')
          : t('tray.prints')}
      </button>
      {search.state === 'found' && <p className="text-soft">{t('tray.onePhoto')}</p>}
      {search.state === 'failed' && <ProblemNote code={search.problem} />}
    </>
  );
}
