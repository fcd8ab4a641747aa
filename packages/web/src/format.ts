import { type Language, writeMoney } from '@hili/contract';

/** 0.42 -> "42 %", in the language's own way. */
export const percent = (language: Language, share: number): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);

/** 4.5 -> "4.5°", in the language's own way. */
export const degrees = (language: Language, value: number): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'degree', unitDisplay: 'narrow' }).format(value);

/** Bytes as kB or MB, one decimal below 10 MB. */
export function bytes(language: Language, count: number): string {
  const mega = count >= 999_500;
  const value = count / (mega ? 1e6 : 1e3);
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: mega ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: mega && value < 9.95 ? 1 : 0,
  }).format(value);
}

/** Seconds in words: "40 seconds", "12 minutes", "3 hours"; the nearest whole one, at least 1. The long forms of Chinese and Japanese read stiff. */
export function duration(language: Language, seconds: number): string {
  const [value, unit] =
    seconds < 89.5
      ? [seconds, 'second']
      : seconds < 5400
        ? [seconds / 60, 'minute']
        : ([seconds / 3600, 'hour'] as const);
  const unitDisplay = language === 'zh' || language === 'ja' ? 'short' : 'long';
  const text = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 0 }).format(
    Math.max(1, Math.round(value)),
  );
  // Our Japanese texts have no spaces around numbers, as Japanese pages have none.
  return language === 'ja' ? text.replace(' ', '') : text;
}

/** The time of day at which something happens, in the visitor's own time zone. */
export const clock = (language: Language, iso: string): string =>
  new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(new Date(iso));

/** A day, written out: "25 November 2026". */
export const day = (language: Language, iso: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(new Date(iso));

/** A day and its time. */
export const moment = (language: Language, iso: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));

/** Fen (1/100 of the currency) as money; whole amounts without decimals. */
export const money = (language: Language, fen: number, currency = 'CNY'): string =>
  writeMoney(language, fen, currency, true);
