import type { LotView, MeView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { clock, day } from '../format.ts';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Card } from './card.tsx';

/** The photos left, lot by lot: where they come from and until when they are good. */
export function Credits({ me }: { readonly me: MeView }) {
  const { t, language } = useSpeech();
  const { lots, held } = me.credits;
  return (
    <Card title={t('credits.title')} className="lg:col-span-2">
      <p className="font-serif text-5xl font-semibold text-pine">{t('credits.count', { count: me.photosLeft })}</p>
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
