import type { Language } from './languages.ts';

/**
 * Fen (1/100 of the currency) as money in the language's own way.
 * @param short whether whole amounts go without decimals.
 * @example writeMoney('ja', 4980, 'CNY') === '49.80元'
 */
export function writeMoney(language: Language, fen: number, currency: string, short = false): string {
  const parts = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: short && fen % 100 === 0 ? 0 : 2,
  }).formatToParts(fen / 100);
  const text = parts.map(({ value }) => value).join('');
  // CLDR puts 元 in front, as in "元 49.80"; nobody in Japan reads it so.
  return language === 'ja' && currency === 'CNY' ? `${text.replace(/元\s?/, '')}元` : text;
}
