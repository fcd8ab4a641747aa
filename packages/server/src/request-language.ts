import { LANGUAGES, type Language, pickLanguage } from '@hili/contract';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';

/** The cookie of an explicit choice, which the page sets. */
const COOKIE = 'hili_language';

/** The language to answer in: the reader's own choice, else the best of `Accept-Language`. */
export function requestLanguage(c: Context, fallback: Language): Language {
  const chosen = getCookie(c, COOKIE);
  return LANGUAGES.find((language) => language === chosen) ?? pickLanguage(c.req.header('accept-language'), fallback);
}
