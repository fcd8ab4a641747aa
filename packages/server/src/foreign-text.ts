/** Characters of a text of others that is kept: longer ones are no number of any provider, and no index takes them. */
const MOST = 255;

/** A text of others as the database holds it: what is no character, and NUL, becomes U+FFFD. @example storable('a\0') === 'a\ufffd' */
export const storable = (text: string): string => text.slice(0, MOST).toWellFormed().replaceAll('\0', '\ufffd');

/** Whether a text can be the number of something at a provider: printable ASCII without spaces. */
export const isForeignNumber = (text: string): boolean => /^[\x21-\x7e]{1,255}$/.test(text);
