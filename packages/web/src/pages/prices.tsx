import { PACKAGES, type PhotoPackage } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { button } from '../parts/button.ts';
import { Icon } from '../parts/icons.tsx';
import { useTitle } from '../use-title.ts';

/** What photos cost beyond the free ones, and how to come by them. */
export function PricesPage() {
  const { t } = useSpeech();
  useTitle(t('title.prices'));
  return (
    <div className="mx-auto w-full max-w-7xl px-4 py-12 sm:px-8 lg:py-16">
      <h1 tabIndex={-1} className="text-4xl">
        {t('prices.title')}
      </h1>
      <p className="mt-4 max-w-3xl text-xl text-soft">{t('prices.lead')}</p>
      <ul className="mt-10 grid gap-5 md:grid-cols-2 xl:grid-cols-4">
        {PACKAGES.map((offer) => (
          <Offer key={offer.code} offer={offer} />
        ))}
      </ul>
      <div className="mt-6 grid gap-5 lg:grid-cols-3">
        <section className="flex flex-col items-start rounded-3xl bg-mint p-7">
          <h2 className="text-2xl">{t('prices.buy.title')}</h2>
          <p className="mt-3 mb-6">{t('prices.buy.text')}</p>
          <Link to="/contact" className={`${button.quiet} mt-auto`}>
            {t('prices.buy.contact')}
          </Link>
        </section>
        {(['fair', 'more'] as const).map((part) => (
          <section key={part} className="rounded-3xl border border-line p-7">
            <h2 className="text-2xl">{t(`prices.${part}.title`)}</h2>
            <p className="mt-3">{t(`prices.${part}.text`)}</p>
          </section>
        ))}
      </div>
    </div>
  );
}

function Offer({ offer }: { readonly offer: PhotoPackage }) {
  const { t, language } = useSpeech();
  const { photos, fen } = offer;
  return (
    <li className="flex flex-col rounded-3xl border border-line bg-sheet p-7 shadow-sheet">
      <h2 className="text-2xl">{t('prices.photos', { count: photos })}</h2>
      <p className="mt-4 font-serif text-4xl font-semibold whitespace-nowrap text-pine">{money(language, fen)}</p>
      <p className="mt-2 text-soft">{t('prices.each', { price: money(language, Math.round(fen / photos)) })}</p>
      <ul className="mt-6 flex flex-col gap-2.5 border-t border-line pt-6">
        {rightsOf(offer).map((right) => (
          <li key={right} className="flex gap-2.5">
            <Icon name="tick" className="mt-0.5 size-5 text-pine" />
            {t(`prices.rights.${right}`, { side: offer.maxSide })}
          </li>
        ))}
      </ul>
    </li>
  );
}

/** What a package gives, as the texts name it. */
function rightsOf({ priority, repair, batch, wechatRebate }: PhotoPackage) {
  return (['batch', 'single', 'side', 'repair', 'priority', 'year', 'rebate'] as const).filter(
    (right) => ({ batch, single: !batch, side: true, repair, priority, year: true, rebate: wechatRebate })[right],
  );
}
