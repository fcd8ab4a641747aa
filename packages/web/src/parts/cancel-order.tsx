import type { OrderView } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useSpeech } from '../language.ts';
import { closeOrder } from '../order-client.ts';
import { putOrder } from '../order-queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';

/** Gives an order up that was not paid. */
export function CancelOrder({ order }: { readonly order: OrderView }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  return (
    <>
      <button
        type="button"
        className={button.plain}
        aria-disabled={busy}
        onClick={() => void attempt(async () => putOrder(client, await closeOrder(order.id)))}
      >
        {t('pay.cancel')}
      </button>
      <AccountProblem code={problem} />
    </>
  );
}
