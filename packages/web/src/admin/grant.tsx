import type { AdminMoved } from '@hili/contract/admin';
import { Act } from './act.tsx';
import { daysField } from './act-fields.tsx';
import { ask } from './client.ts';
import { useConsole } from './speech.ts';

interface GrantProps {
  /** Of the API: `/users/ID` or `/partners/CODE`. */
  readonly path: string;
  /** Who gets them, as the operator knows them. */
  readonly who: string;
}

/** Gives photos to somebody. */
export function Grant({ path, who }: GrantProps) {
  const { t } = useConsole();
  return (
    <Act
      label={t('grant.label')}
      look="quiet"
      fields={[
        { name: 'credits', label: t('grant.credits'), kind: 'number', value: '10', max: 1_000_000 },
        daysField(t),
      ]}
      text={({ credits, days }) =>
        days
          ? t('grant.text', { who, count: Number(credits) || 0, days: Number(days) })
          : t('grant.forEver', { who, count: Number(credits) || 0 })
      }
      run={({ credits, days, reason }, key) =>
        ask<AdminMoved>('POST', `${path}/grants`, {
          key,
          credits: Number(credits),
          days: days ? Number(days) : null,
          reason,
        })
      }
      done={t('grant.done')}
    />
  );
}
