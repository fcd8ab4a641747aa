import type { OrderView } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useSpeech } from '../language.ts';
import { makeOrder } from '../order-client.ts';
import { putOrder } from '../order-queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { useNow } from '../use-now.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { CancelOrder } from './cancel-order.tsx';
import { Card } from './card.tsx';

/** An order that cannot be paid now: closed, over in a moment, or without an answer of its provider. One tap begins anew. */
export function OrderEnded({ order }: { readonly order: OrderView }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { busy, problem, attempt } = useAttempt();
  const isOver = useNow(1_000) >= Date.parse(order.expiresAt);
  const why = order.state === 'closed' ? 'closed' : isOver ? 'over' : 'starting';
  const renew = () =>
    attempt(async () => {
      const made = await makeOrder({ package: order.package, provider: order.provider });
      putOrder(client, made);
      await navigate({ to: '/orders/$id', params: { id: made.id }, replace: true });
    });
  return (
    <Card title={t(`pay.${why}.title`)}>
      <p className="text-lg">{t(`pay.${why}.text`)}</p>
      <AccountProblem code={problem} />
      <div className="flex flex-wrap items-center gap-x-8 gap-y-3">
        <button type="button" className={button.primary} aria-disabled={busy} onClick={() => void renew()}>
          {t(why === 'starting' ? 'pay.again' : why === 'over' ? 'pay.newCode' : 'pay.renew')}
        </button>
        {why === 'starting' ? (
          <CancelOrder order={order} />
        ) : (
          <Link to="/prices" className={button.plain}>
            {t('nav.prices')}
          </Link>
        )}
      </div>
    </Card>
  );
}
