import { PACKAGES, PAY_WAYS, type PackagesView, type PhotoPackage, payWayOf } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { codeOf } from '../client.ts';
import { money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { makeOrder } from '../order-client.ts';
import { putOrder, usePackages } from '../order-queries.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { button } from '../parts/button.ts';
import { Card } from '../parts/card.tsx';
import { Form } from '../parts/form.tsx';
import { OfferSummary } from '../parts/offer-summary.tsx';
import { PayChoice } from '../parts/pay-choice.tsx';
import { SignInFirst } from '../parts/sign-in-first.tsx';
import { Unsold } from '../parts/unsold.tsx';
import { inOrder, isPhone } from '../pay-ways.ts';
import { useMe } from '../queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { useTitle } from '../use-title.ts';
import { LostPage } from './lost.tsx';

/** One package before it is bought: what one gets, and how to pay. The order that comes of it has a page of its own. */
export function BuyPage() {
  const { t } = useSpeech();
  const { package: code } = useParams({ from: '/buy/$package' });
  const me = useMe();
  const { data: sold, error } = usePackages();
  useTitle(t('title.buy'));
  const offer = PACKAGES.find((each) => each.code === code);
  if (!offer) return <LostPage />;
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-12 sm:px-8 lg:py-16">
      <h1 tabIndex={-1} className="text-4xl">
        {t('buy.title', { count: offer.photos })}
      </h1>
      <div className="mt-8 grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.15fr)]">
        <OfferSummary offer={offer} />
        {error && <AccountProblem code={codeOf(error)} />}
        {sold && sold.providers.length === 0 && <Unsold />}
        {sold && sold.providers.length > 0 && me?.kind === 'guest' && <SignInFirst to={`/buy/${code}`} />}
        {sold && sold.providers.length > 0 && me?.kind === 'user' && <Payment offer={offer} sold={sold} />}
        {!error && !(sold && me) && <div className="min-h-96 rounded-3xl bg-well" />}
      </div>
    </div>
  );
}

/** The choice of how to pay; the only way is taken at once when it is a code to scan, since that sends nobody anywhere. */
function Payment({ offer, sold }: { readonly offer: PhotoPackage; readonly sold: PackagesView }) {
  const { t, language } = useSpeech();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { busy, problem, attempt, clear } = useAttempt();
  const [onPhone] = useState(isPhone);
  const ways = inOrder(sold.providers, onPhone);
  const [chosen, setChosen] = useState(ways[0]!.name);
  const way = ways.find(({ name }) => name === chosen) ?? ways[0]!;
  const isOnly = ways.length === 1 && way.kind === 'qr';

  const order = () =>
    attempt(async () => {
      const made = await makeOrder({ package: offer.code, provider: way.name });
      putOrder(client, made);
      await navigate({ to: '/orders/$id', params: { id: made.id }, replace: true });
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened
  useEffect(() => {
    if (isOnly) void order();
  }, []);

  if (isOnly && !problem) return <div className="min-h-96 rounded-3xl bg-well" aria-busy="true" />;
  function choose(name: string) {
    setChosen(name);
    clear();
  }
  function submit() {
    void order();
  }
  const price = money(language, way.prices[offer.code] ?? offer.fen, way.currency);
  return (
    <Form busy={busy} onSend={submit}>
      <Card title={t('buy.how')}>
        <PayChoice ways={ways} offer={offer} chosen={way.name} onChoose={choose} />
        {onPhone && way.kind === 'qr' && <p className="rounded-2xl bg-honey p-4">{t('buy.far')}</p>}
        <p className="text-lg">
          {t('pay.amount')} <strong className="text-2xl whitespace-nowrap">{price}</strong>
        </p>
        <AccountProblem code={problem} />
        <button type="submit" className={`${button.primary} w-full`} aria-disabled={busy}>
          {busy
            ? t('signIn.moment')
            : t('buy.go', { name: PAY_WAYS[payWayOf({ ...way, provider: way.name })][language] })}
        </button>
      </Card>
    </Form>
  );
}
