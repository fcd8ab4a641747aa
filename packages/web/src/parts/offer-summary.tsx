import type { PhotoPackage } from '@hili/contract';
import { money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { usePackages } from '../order-queries.ts';
import { OfferRights } from './offer-rights.tsx';

interface OfferSummaryProps {
  readonly offer: PhotoPackage;
  /** Where another than the usual price is asked. */
  readonly price?: { readonly fen: number; readonly currency: string };
}

/** What one gets, what it costs, until when it is good, and how one gets the money back: all before one pays. */
export function OfferSummary({ offer, price = { fen: offer.fen, currency: 'CNY' } }: OfferSummaryProps) {
  const { t, language } = useSpeech();
  const days = usePackages().data?.refundDays;
  const each = money(language, Math.floor(price.fen / offer.photos), price.currency);
  return (
    <section aria-labelledby="offer" className="rounded-3xl bg-mint p-6 sm:p-8">
      <h2 id="offer" className="text-2xl">
        {t('buy.get')}
      </h2>
      <p className="mt-4 flex flex-wrap items-baseline gap-x-4">
        <strong className="font-serif text-3xl text-pine">{t('prices.photos', { count: offer.photos })}</strong>
        <span className="font-serif text-3xl font-semibold whitespace-nowrap">
          {money(language, price.fen, price.currency)}
        </span>
      </p>
      <p className="mt-1 mb-5">{t('prices.each', { price: each })}</p>
      <OfferRights offer={offer} />
      <div className="mt-5 flex flex-col gap-2 border-t border-edge/40 pt-5">
        <p>{t('buy.once')}</p>
        <p>{t('buy.fair')}</p>
        {days !== undefined && days > 0 && <p>{t('buy.refund', { days, price: each })}</p>}
      </div>
    </section>
  );
}
