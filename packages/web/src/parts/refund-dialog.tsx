import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { OrderView } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { money } from '../format.ts';
import { useSpeech } from '../language.ts';
import { refundOrder } from '../order-client.ts';
import { putOrder } from '../order-queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';

interface RefundDialogProps {
  readonly order: OrderView;
  readonly onClose: () => void;
}

/** Asks once before photos are given back for their money. */
export default function RefundDialog({ order, onClose }: RefundDialogProps) {
  const { t, language } = useSpeech();
  const client = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  // As asked: the order changes while the answer is on its way.
  const [asked] = useState(order.refundable);
  if (!asked) return null;
  async function confirm() {
    if (await attempt(async () => putOrder(client, await refundOrder(order.id)))) onClose();
  }
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/55" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-50 flex w-[min(28rem,calc(100vw-2rem))] -translate-1/2 flex-col gap-4 rounded-3xl bg-sheet p-7 text-ink shadow-print">
          <AlertDialog.Title className="text-2xl">{t('refund.sure.title', { count: asked.photos })}</AlertDialog.Title>
          <AlertDialog.Description>
            {t('refund.sure.text', { price: money(language, asked.fen, order.currency) })}
          </AlertDialog.Description>
          <AccountProblem code={problem} />
          <div className="flex flex-wrap-reverse justify-end gap-3 pt-2">
            <AlertDialog.Close className={button.quiet}>{t('refund.sure.no')}</AlertDialog.Close>
            <button type="button" className={button.primary} aria-disabled={busy} onClick={() => void confirm()}>
              {t('refund.sure.yes')}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
