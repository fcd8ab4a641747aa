import { PACKAGES } from '@hili/contract';
import type { AdminBatch } from '@hili/contract/admin';
import { Act } from './act.tsx';
import { ask } from './client.ts';
import { CodeList } from './code-list.tsx';
import { useConsole } from './speech.ts';

/** What the server says of a batch, once. */
type Codes = { readonly id: string; readonly codes: readonly string[] };

const DAY_MS = 86_400_000;

/** Makes vouchers; their codes are shown this once. */
export function NewBatch() {
  const { t } = useConsole();
  return (
    <Act
      label={t('batch.new')}
      look="quiet"
      fields={[
        { name: 'vouchers', label: t('batch.vouchers'), kind: 'number', value: '10', max: 1000 },
        { name: 'credits', label: t('batch.credits'), kind: 'number', value: '10', max: 10_000 },
        {
          name: 'package',
          label: t('batch.rights'),
          kind: 'choice',
          value: '',
          options: [
            { value: '', label: t('batch.plain') },
            ...PACKAGES.map(({ code, photos }) => ({ value: code, label: t('batch.asPackage', { count: photos }) })),
          ],
        },
        { name: 'days', label: t('grant.days'), kind: 'number', value: '365', max: 3650 },
        {
          name: 'until',
          label: t('batch.until'),
          hint: t('grant.daysHint'),
          kind: 'number',
          value: '365',
          max: 3650,
          optional: true,
        },
      ]}
      text={({ vouchers, credits, days, until }) =>
        t(until ? 'batch.newText' : 'batch.newForEver', {
          count: Number(vouchers) || 0,
          photos: Number(credits) || 0,
          days: Number(days) || 0,
          until: Number(until) || 0,
        })
      }
      run={({ vouchers, credits, package: code, days, until, reason }, key) =>
        ask<Codes>('POST', '/batches', {
          key,
          vouchers: Number(vouchers),
          credits: Number(credits),
          days: Number(days),
          package: code || null,
          expiresAt: until ? new Date(Date.now() + Number(until) * DAY_MS).toISOString() : null,
          reason,
        })
      }
      done={t('batch.made')}
      reveal={({ codes }: Codes) => <CodeList codes={codes} lead={t('batch.once')} name="vouchers.csv" />}
    />
  );
}

/** Ends the vouchers of a batch that nobody has redeemed. */
export function RevokeBatch({ row }: { readonly row: AdminBatch }) {
  const { t } = useConsole();
  const left = row.vouchers - row.redeemed - row.revoked;
  if (left === 0) return null;
  return (
    <Act
      label={t('batch.revoke')}
      look="plain"
      text={() => t('batch.revokeText', { count: left })}
      run={({ reason }) => ask('POST', `/batches/${row.id}/revoke`, { reason })}
      done={t('batch.revoked')}
    />
  );
}
