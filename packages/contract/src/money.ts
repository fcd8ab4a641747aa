import type { Language } from './languages.ts';

/** Yuan in words, where CLDR writes a bare "CNY" that few readers know: one, and more. */
const YUAN: Partial<Record<Language, readonly [one: string, more: string]>> = {
  es: ['yuan', 'yuanes'],
  fr: ['yuan', 'yuans'],
};

/**
 * Fen (1/100 of the currency) as money in the language's own way.
 * @param short whether whole amounts go without decimals.
 * @example writeMoney('ja', 4980, 'CNY') === '49.80元'
 * @example writeMoney('es', 4980, 'CNY') === '49,80 yuanes (CNY)'
 */
export function writeMoney(language: Language, fen: number, currency: string, short = false): string {
  const minimumFractionDigits = short && fen % 100 === 0 ? 0 : 2;
  const words = currency === 'CNY' ? YUAN[language] : undefined;
  if (words) {
    const number = new Intl.NumberFormat(language, { minimumFractionDigits, maximumFractionDigits: 2 });
    const [one, more] = words;
    const name = new Intl.PluralRules(language).select(fen / 100) === 'one' ? one : more;
    return `${number.format(fen / 100)}\u00a0${name} (CNY)`;
  }
  const parts = new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits }).formatToParts(
    fen / 100,
  );
  const text = parts.map(({ value }) => value).join('');
  // CLDR puts 元 in front, as in "元 49.80"; nobody in Japan reads it so.
  return language === 'ja' && currency === 'CNY' ? `${text.replace(/元\s?/, '')}元` : text;
}
