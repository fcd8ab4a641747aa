import type { AdminRebate } from '@hili/contract/admin';
import { Act } from '../act.tsx';
import { ask } from '../client.ts';
import { Mark, Short, Stamp, StateMark, Sum, To } from '../marks.tsx';
import { useConsole } from '../speech.ts';
import { sumOf } from '../sum.ts';
import type { TableSpec } from '../table-page.tsx';
import { nameOf, Who } from '../who.tsx';

function Payee({ row }: { readonly row: AdminRebate }) {
  const { t } = useConsole();
  if (!row.payee) return <>–</>;
  return (
    <>
      {row.payee.name} · <Short length={20}>{row.payee.wechat}</Short>
      {row.others > 0 && (
        <span className="ms-2">
          <Mark tone="bad">{t('rebate.others', { count: row.others })}</Mark>
        </span>
      )}
    </>
  );
}

function State({ row }: { readonly row: AdminRebate }) {
  const { t } = useConsole();
  return (
    <span className="inline-flex flex-wrap gap-1.5 max-lg:justify-end">
      <StateMark state={row.state} />
      {row.payoutState && row.state !== 'paid' && <Mark>{t(`rebate.payout.${row.payoutState}`)}</Mark>}
      {row.simulated && <Mark>{t('order.simulated')}</Mark>}
    </span>
  );
}

function Method({ row }: { readonly row: AdminRebate }) {
  const { t } = useConsole();
  return <>{row.method === null ? '–' : t(`rebate.method.${row.method}`)}</>;
}

function Receipt({ row }: { readonly row: AdminRebate }) {
  const words = [row.receipt ?? row.reason, row.state === 'paid' ? null : row.payoutTrouble];
  return <>{words.filter((each) => each !== null).join(' · ') || '–'}</>;
}

function Acts({ row }: { readonly row: AdminRebate }) {
  const { t, language } = useConsole();
  const { id, state, payee } = row;
  const isSent = row.method === 'transfer';
  const values = {
    sum: sumOf(language, row.fen),
    user: nameOf({ id: row.userId, email: row.email }),
    payee: payee ? `${payee.name} (${payee.wechat})` : '–',
  };
  return (
    <>
      {state === 'claimed' && (
        <>
          <Act
            label={t('rebate.approve')}
            text={() => t(isSent ? 'rebate.sendText' : 'rebate.approveText', values)}
            withReason={false}
            run={() => ask('POST', `/rebates/${id}/approve`)}
            done={t(isSent ? 'rebate.sending' : 'rebate.approved')}
          />
          <Act
            label={t('rebate.reject')}
            look="plain"
            text={() => t('rebate.rejectText', values)}
            run={({ reason }) => ask('POST', `/rebates/${id}/reject`, { reason })}
            done={t('rebate.rejected')}
          />
        </>
      )}
      {state === 'approved' && (
        <Act
          label={t('rebate.paid')}
          text={({ receipt }) => t('rebate.paidText', { ...values, receipt: receipt || '…' })}
          fields={[{ name: 'receipt', label: t('rebate.receipt'), hint: t('rebate.receiptHint'), max: 64 }]}
          withReason={false}
          run={({ receipt }) => ask('POST', `/rebates/${id}/paid`, { receipt })}
          done={t('rebate.noted')}
        />
      )}
      {(state === 'claimed' || state === 'approved') && (
        <Act
          label={t('rebate.return')}
          text={() => t('rebate.returnText', values)}
          run={({ reason }) => ask('POST', `/rebates/${id}/return`, { reason })}
          done={t('rebate.returned')}
        />
      )}
    </>
  );
}

export const rebates: TableSpec<AdminRebate> = {
  name: 'rebates',
  states: ['claimed', 'approved', 'sent', 'paid', 'accrued', 'eligible', 'rejected', 'void'],
  columns: [
    {
      head: 'col.user',
      Cell: ({ row }) => <Who id={row.userId} email={row.email} />,
    },
    { head: 'col.sum', Cell: ({ row }) => <Sum fen={row.fen} />, isNumber: true },
    { head: 'col.state', Cell: State },
    { head: 'col.payee', Cell: Payee },
    { head: 'col.method', Cell: Method },
    { head: 'col.claimed', Cell: ({ row }) => <Stamp iso={row.claimedAt} /> },
    {
      head: 'col.order',
      Cell: ({ row }) => (
        <To place="orders" id={row.orderId}>
          <span className="whitespace-nowrap">{row.package}</span>
        </To>
      ),
    },
    { head: 'col.receipt', Cell: Receipt },
  ],
  Acts,
};
