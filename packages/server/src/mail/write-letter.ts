import type { Language } from '@hili/contract';
import { LETTERS, type LetterName } from './letters.ts';
import type { Letter } from './mail.ts';

const STYLE =
  'font:16px/1.5 system-ui,sans-serif;color:#1d2b26;max-width:34em;margin:0 auto;padding:24px;white-space:pre-line';
const OUTSTANDING = 'font-size:28px;font-weight:700;letter-spacing:4px';

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Writes a letter, as plain text and as HTML that loads nothing.
 * @param values for the places; they may come from strangers.
 */
export function writeLetter(
  name: LetterName,
  language: Language,
  values: Readonly<Record<string, string>>,
): Pick<Letter, 'subject' | 'text' | 'html'> {
  const { subject, body } = LETTERS[language][name];
  const fill = (line: string, shape: (text: string) => string = (text) => text) =>
    line.replace(/\{(\w+)\}/g, (_, place: string) => shape(values[place] ?? ''));
  const paragraph = (line: string) => {
    if (line === '{link}')
      return `<p><a href="${escapeHtml(values.link ?? '')}">${escapeHtml(values.link ?? '')}</a></p>`;
    return `<p${line === '{code}' ? ` style="${OUTSTANDING}"` : ''}>${fill(escapeHtml(line), escapeHtml)}</p>`;
  };
  const lines = [...body, 'Hili PhotoEnhance'];
  const html = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body style="${STYLE}">${lines.map(paragraph).join('')}</body></html>`;
  return { subject, text: `${lines.map((line) => fill(line)).join('\n\n')}\n`, html };
}
