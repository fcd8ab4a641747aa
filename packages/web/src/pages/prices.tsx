import { PACKAGES, PAY_WAYS, type PhotoPackage, payWayOf } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { usePackages, useReachable } from '../order-queries.ts';
import { button } from '../parts/button.ts';
import { OfferRights } from '../parts/offer-rights.tsx';
import { Unsold } from '../parts/unsold.tsx';
import { useTitle } from '../use-title.ts';

/** What photos cost beyond the free ones, and how to come by them. */
export function PricesPage() {
  const { t, language } = useSpeech();
  const sold = usePackages().data;
  const isReachable = useReachable();
  // Until it is known, as nearly everywhere.
  const isSold = sold?.providers.length !== 0;
  useTitle(t('title.prices'));
  return (
    <div className="mx-auto w-full max-w-7xl px-4 py-12 sm:px-8 lg:py-16">
      <h1 tabIndex={-1} className="text-4xl">
        {t('prices.title')}
      </h1>
      <p className="mt-4 max-w-3xl text-xl text-soft">{t('prices.lead')}</p>
      <ul className="mt-10 grid gap-5 md:grid-cols-2 xl:grid-cols-4">
        {PACKAGES.map((offer) => (
          <Offer key={offer.code} offer={offer} isSold={isSold} />
        ))}
      </ul>
      {isSold ? (
        <p className="mt-6 flex flex-wrap gap-x-4 px-1 text-lg">
          <strong>{t('prices.ways')}</strong>
          <span>
            {sold?.providers
              .map(({ name, simulated }) => PAY_WAYS[payWayOf({ provider: name, simulated })][language])
              .join(' · ')}
          </span>
        </p>
      ) : (
        <div className="mt-6">
          <Unsold />
        </div>
      )}
      <div className="mt-6 grid gap-5 md:grid-cols-2">
        <Matter title={t('prices.fair.title')} text={t('prices.fair.text')} />
        {sold?.refundDays !== 0 && (
          <Matter
            title={t('prices.refund.title')}
            text={sold ? t('prices.refund.text', { days: sold.refundDays }) : ''}
          />
        )}
        {isReachable && (
          <Matter title={t('prices.more.title')} text={t('prices.more.text')}>
            <Link to="/contact" className={button.plain}>
              {t('prices.buy.contact')}
            </Link>
          </Matter>
        )}
        <Matter title={t('prices.voucher.ask')} text="">
          <Link to="/account" hash="voucher" className={button.plain}>
            {t('prices.voucher.go')}
          </Link>
        </Matter>
      </div>
    </div>
  );
}

interface MatterProps {
  readonly title: string;
  readonly text: string;
  readonly children?: React.ReactNode;
}

function Matter({ title, text, children }: MatterProps) {
  return (
    <section className="flex flex-col items-start rounded-3xl border border-line p-7">
      <h2 className="text-2xl">{title}</h2>
      {text && <p className="mt-3">{text}</p>}
      {children && <div className="mt-3">{children}</div>}
    </section>
  );
}

function Offer({ offer, isSold }: { readonly offer: PhotoPackage; readonly isSold: boolean }) {
  const { t, language } = useSpeech();
  const { code, photos, fen } = offer;
  return (
    <li className="@container flex flex-col rounded-3xl border border-line bg-sheet p-7 shadow-sheet">
      <h2 className="text-2xl">{t('prices.photos', { count: photos })}</h2>
      {/* On one line in its card, so that the lines below agree from card to card. */}
      <p className="mt-4 font-serif text-[min(2.25rem,12cqi)] font-semibold whitespace-nowrap text-pine">
        {money(language, fen)}
      </p>
      <p className="mt-2 text-soft">{t('prices.each', { price: money(language, Math.round(fen / photos)) })}</p>
      <div className="mt-6 mb-7 border-t border-line pt-6">
        <OfferRights offer={offer} />
      </div>
      {isSold && (
        <Link to="/buy/$package" params={{ package: code }} className={`${button.primary} mt-auto px-4!`}>
          {t('prices.take', { count: photos })}
        </Link>
      )}
    </li>
  );
}
