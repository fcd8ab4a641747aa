import type { LotView, MeView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { clock, day } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useNow } from '../use-now.ts';
import { button } from './button.ts';
import { Card } from './card.tsx';

/** Days before photos lapse from which the page says so. */
const SOON_DAYS = 30;

/** The photos left: what can be used, what is set aside and what lapses soon, each by itself; then lot by lot. */
export function Credits({ me }: { readonly me: MeView }) {
  const { t, language } = useSpeech();
  const { lots, held } = me.credits;
  const soonMs = useNow(60_000) + SOON_DAYS * 86_400_000;
  // Free ones come anew every day, and lapse every night.
  const soon = lots.filter(
    ({ source, expiresAt }) => source !== 'free' && expiresAt !== null && Date.parse(expiresAt) < soonMs,
  );
  const ending = soon.reduce((sum, lot) => sum + lot.available, 0);
  return (
    <Card title={t('credits.title')} className="lg:col-span-2">
      <dl className="flex flex-wrap gap-x-14 gap-y-4">
        <Amount name={t('credits.part.ready')} count={me.photosLeft} />
        {held > 0 && <Amount name={t('credits.part.held')} count={held} isQuiet />}
        {ending > 0 && <Amount name={t('credits.part.soon')} count={ending} isQuiet />}
      </dl>
      {soon.map((lot) => (
        <p key={`${lot.source} ${lot.expiresAt}`} className="w-full rounded-2xl bg-honey px-5 py-3 text-lg">
          {t('credits.soon', { count: lot.available, date: day(language, lot.expiresAt ?? '') })}
        </p>
      ))}
      {lots.length > 0 && (
        <ul className="w-full divide-y divide-line border-y border-line">
          {lots.map((lot) => (
            <Lot key={`${lot.source} ${lot.package} ${lot.expiresAt} ${lot.batch}`} lot={lot} />
          ))}
        </ul>
      )}
      {held > 0 && <p className="text-soft">{t('credits.held', { count: held })}</p>}
      {me.renewsAt && (
        <p className="text-soft">{t('left.renews', { perDay: me.freePerDay, time: clock(language, me.renewsAt) })}</p>
      )}
      <Link to="/prices" className={button.quiet}>
        {t('credits.prices')}
      </Link>
    </Card>
  );
}

interface AmountProps {
  readonly name: string;
  readonly count: number;
  readonly isQuiet?: boolean;
}

function Amount({ name, count, isQuiet = false }: AmountProps) {
  const { t } = useSpeech();
  return (
    <div className="flex flex-col-reverse">
      <dd className={`font-serif font-semibold ${isQuiet ? 'text-3xl text-soft' : 'text-5xl text-pine'}`}>
        {t('credits.count', { count })}
      </dd>
      <dt className="text-soft">{name}</dt>
    </div>
  );
}

function Lot({ lot }: { readonly lot: LotView }) {
  const { t, language } = useSpeech();
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-8 py-3">
      <span>
        <strong>{t('credits.lot', { count: lot.available })}</strong> · {t(`credits.source.${lot.source}`)}
      </span>
      <span className="text-soft">
        {lot.expiresAt ? t('credits.until', { date: day(language, lot.expiresAt) }) : t('credits.forever')}
      </span>
    </li>
  );
}
