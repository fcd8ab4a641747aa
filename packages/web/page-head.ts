import { LANGUAGES, type Language } from '@hili/contract';

/** Filled in by the server, who alone knows the address. */
const PUBLIC_URL = '{public-url}';
const PICTURE = '/examples/farmhouse-after-800.webp';

export const tagOf = (language: Language): string => (language === 'zh' ? 'zh-CN' : language);
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const addressOf = (path: string, language?: Language) =>
  escaped(`${PUBLIC_URL}${path}${language ? `?lang=${language}` : ''}`);

export interface PageWords {
  readonly title: string;
  readonly description: string;
}

/** What search engines and messengers read of a page that shall be found: its addresses in each language, and its card. */
export function pageHead(path: string, language: Language, found: boolean, { title, description }: PageWords): string {
  const meta = (name: string, content: string) => `<meta property="${name}" content="${escaped(content)}" />`;
  const lines = [`<meta name="description" content="${escaped(description)}" />`];
  if (!found) lines.push('<meta name="robots" content="noindex" />');
  else
    lines.push(
      `<link rel="canonical" href="${addressOf(path, language)}" />`,
      ...LANGUAGES.map((each) => `<link rel="alternate" hreflang="${tagOf(each)}" href="${addressOf(path, each)}" />`),
      `<link rel="alternate" hreflang="x-default" href="${addressOf(path)}" />`,
      meta('og:type', 'website'),
      meta('og:site_name', 'Hili PhotoEnhance'),
      meta('og:title', title),
      meta('og:description', description),
      meta('og:locale', tagOf(language).replace('-', '_')),
      `<meta property="og:url" content="${addressOf(path, language)}" />`,
      `<meta property="og:image" content="${addressOf(PICTURE)}" />`,
    );
  return lines.join('\n    ');
}

/** `sitemap.xml` (sitemaps.org, with hreflang) of these paths. */
export function sitemap(paths: readonly string[]): string {
  const entry = (path: string, language: Language) =>
    [
      `<url><loc>${addressOf(path, language)}</loc>`,
      ...LANGUAGES.map(
        (each) => `<xhtml:link rel="alternate" hreflang="${tagOf(each)}" href="${addressOf(path, each)}"/>`,
      ),
      '</url>',
    ].join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ...paths.flatMap((path) => LANGUAGES.map((language) => entry(path, language))),
    '</urlset>\n',
  ].join('\n');
}

/** `robots.txt`: everything but what belongs to one visitor. */
export const robots = (): string =>
  `User-agent: *\nDisallow: /files/\nDisallow: /photos/\nSitemap: ${PUBLIC_URL}/sitemap.xml\n`;
