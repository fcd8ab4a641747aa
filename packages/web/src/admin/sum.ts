import type { Language } from '@hili/contract';

/** Fen (1/100 of the currency) as money with the currency's code, short and never taken for another: `CNY 49.80`, `49,80 CNY`. */
export const sumOf = (language: Language, fen: number, currency = 'CNY'): string =>
  new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: fen % 100 === 0 ? 0 : 2,
  }).format(fen / 100);
