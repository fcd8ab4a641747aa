import { API, type OrderView, type Receipt, writeReceipt } from '@hili/contract';
import { Link, useParams } from '@tanstack/react-router';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { useOrder, useSite } from '../order-queries.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { button } from '../parts/button.ts';
import { ReceiptSheet } from '../parts/receipt-sheet.tsx';
import { SignInFirst } from '../parts/sign-in-first.tsx';
import { useMe } from '../queries.ts';
import { useTitle } from '../use-title.ts';

/** The receipt of an order, as it is printed: a sheet of A4, black on white. */
export function ReceiptPage() {
  const { t, language } = useSpeech();
  const { id } = useParams({ from: '/orders/$id/receipt' });
  const me = useMe();
  const { data: order, error } = useOrder(id);
  const site = useSite();
  const receipt = useReceipt(order);
  // The browser offers it as the name of a PDF.
  useTitle(order ? t('title.receipt', { number: order.number }) : t('title.order'));
  const failure = error ?? site.error;
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-10 sm:px-8 print:max-w-none print:p-0">
      <div className="mb-6 flex flex-wrap items-center gap-x-8 gap-y-3 print:hidden">
        <Link to="/orders/$id" params={{ id }} className={`${button.plain} me-auto`}>
          {t('receipt.back')}
        </Link>
        {receipt && (
          <a href={`${API}/orders/${id}/receipt.pdf?lang=${language}`} download className={button.quiet}>
            {t('receipt.pdf')}
          </a>
        )}
        {receipt && (
          <button type="button" className={button.primary} onClick={() => window.print()}>
            {t('receipt.print')}
          </button>
        )}
      </div>
      {me?.kind === 'guest' && <SignInFirst to={`/orders/${id}`} />}
      {failure && <AccountProblem code={codeOf(failure)} />}
      {order?.paidAt === null && <p className="text-lg">{t('receipt.none')}</p>}
      {receipt && <ReceiptSheet receipt={receipt} />}
    </div>
  );
}

function useReceipt(order: OrderView | undefined): Receipt | null | undefined {
  const { language } = useSpeech();
  const account = useMe()?.account;
  const { data: site } = useSite();
  if (!order || !site || !account) return undefined;
  return writeReceipt({ order, site, buyer: account.name || (account.email ?? '') }, language);
}
