import { clock } from '../format.ts';
import { useFirstSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import { Chooser, MoreChoosers } from './chooser.tsx';
import { Example } from './example.tsx';
import { Icon } from './icons.tsx';
import { Refusals } from './refusals.tsx';

/** What the page is for, its one obvious action, and the proof beside it. */
export function Hero({ onReach }: { readonly onReach: () => void }) {
  const { t } = useFirstSpeech();
  return (
    <section className="mx-auto grid max-w-7xl items-center gap-x-16 gap-y-12 px-4 pt-10 pb-16 sm:px-8 low:items-start low:pt-8 lg:min-h-[min(46rem,calc(100svh-4.5rem))] lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div>
        <h1 tabIndex={-1} className="text-[clamp(2.4rem,1.2rem+4.4vw,4.2rem)] tracking-[-0.015em] low:text-[2.4rem]">
          {t('home.title')}
        </h1>
        <p className="mt-6 max-w-xl text-xl text-soft low:mt-3 low:text-lg">{t('home.lead')}</p>
        <div className="mt-9 low:mt-5 flex flex-col items-stretch gap-4 rounded-3xl border-2 border-dashed border-edge/60 bg-sheet p-5 text-center shadow-sheet sm:items-center sm:p-8 low:gap-1.5 low:p-3">
          <Chooser className="w-full sm:w-auto sm:min-w-80 sm:text-xl" onReach={onReach} />
          <MoreChoosers onReach={onReach} />
          <Spent />
          <Refusals />
        </div>
        <ul className="mt-6 low:mt-4 flex flex-col gap-x-7 gap-y-1.5 sm:flex-row sm:flex-wrap">
          {(['free', 'deleted', 'formats'] as const).map((fact) => (
            <li key={fact} className="flex items-start gap-2 text-soft">
              <Icon name="tick" className="mt-0.5 size-5 text-pine" />
              {t(`home.facts.${fact}`)}
            </li>
          ))}
        </ul>
      </div>
      <Example name="farmhouse" first />
    </section>
  );
}

/** Says in one line that no photo is left, where it else says what may be dropped; touch screens keep the line's room for it. */
function Spent() {
  const { t, language } = useFirstSpeech();
  const me = useMe();
  const spent = me?.photosLeft === 0;
  return (
    <p className="min-h-[1lh] text-soft">
      {spent ? (
        <strong className="font-semibold text-amber">
          {me.renewsAt ? t('home.spent', { time: clock(language, me.renewsAt) }) : t('left.none')}
        </strong>
      ) : (
        <span className="pointer-coarse:hidden">{t('home.drop')}</span>
      )}
    </p>
  );
}
