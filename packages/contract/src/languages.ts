/** The languages of every text that a person reads, in the order in which menus show them. */
export const LANGUAGES = ['zh', 'en', 'ja', 'es', 'fr'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One text in every language. */
export type Text = Readonly<Record<Language, string>>;

/**
 * Picks the best language for an `Accept-Language` header (RFC 9110, 12.5.4): highest quality first, then the header's order.
 * @param header the header's value; absent or without a language of ours gives `fallback`.
 */
export function pickLanguage(header: string | undefined, fallback: Language): Language {
  const ranked = (header ?? '')
    .split(',')
    .map((part, order) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((p) => /^\s*q=([01](?:\.\d{0,3})?)$/.exec(p)?.[1]).find((q) => q !== undefined);
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality), order };
    })
    .filter((entry) => entry.quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order);
  for (const { language } of ranked) {
    const found = LANGUAGES.find((known) => known === language);
    if (found) return found;
  }
  return fallback;
}
