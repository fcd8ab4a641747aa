import type { TransferState } from '@hili/contract/admin';
import type { ActField } from './act.tsx';
import { type ConsoleSpeech, useConsole } from './speech.ts';

type T = ConsoleSpeech['t'];

/** Days for which photos are good; empty for ever. */
export const daysField = (t: T): ActField => ({
  name: 'days',
  label: t('grant.days'),
  hint: t('grant.daysHint'),
  kind: 'number',
  value: '365',
  max: 36_500,
  optional: true,
});

/** What an operator has seen at the bank: its number of a transfer, and the sum that has come in. */
export const transferFields = (t: T, currency: string): readonly ActField[] => [
  { name: 'reference', label: t('transfer.reference'), hint: t('transfer.referenceHint'), max: 64 },
  { name: 'sum', label: t('transfer.sum', { currency }), hint: t('transfer.sumHint') },
];

export const noteField = (t: T): ActField => ({ name: 'note', label: t('transfer.note'), optional: true, max: 500 });

/** Whether a transfer counts now, or waits for a second operator. */
export function TransferNoted({ of: { state } }: { readonly of: TransferState }) {
  const { t } = useConsole();
  return <p>{t(state === 'draft' ? 'transfer.draft' : 'transfer.granted')}</p>;
}
