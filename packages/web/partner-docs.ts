import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import createMarkdown from 'markdown-it';
import type { Plugin } from 'vite';

const SOURCE = join(import.meta.dirname, '..', '..', 'docs', 'partner-api.md');
const NAME = 'virtual:partner-docs';

/** The anchor of a heading, as GitHub makes it, so that the document's own links lead somewhere here as well. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** Markdown as HTML: no HTML of the source gets through. Its headings begin at `top`, whatever they are in the source. */
function renderer(top: number) {
  const markdown = createMarkdown({ html: false });
  const { rules } = markdown.renderer;
  rules.heading_open = (tokens, at) =>
    `<h${top + level(tokens[at]!.tag)} id="${markdown.utils.escapeHtml(anchor(tokens[at + 1]!.content))}">`;
  rules.heading_close = (tokens, at) => `</h${top + level(tokens[at]!.tag)}>`;
  // What is wider than a phone scrolls by itself, by keyboard too.
  rules.table_open = () => '<div class="wide" tabindex="0"><table>';
  rules.table_close = () => '</table></div>';
  rules.fence = (tokens, at) =>
    `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[at]!.content)}</code></pre>`;
  return markdown;
}
/** In the source the parts begin at `###`. */
const level = (tag: string) => Number(tag.slice(1)) - 3;

/** Gives the page the partner API's documentation as HTML, in three parts. @throws Error when the document has another shape. */
export function partnerDocs(): Plugin {
  return {
    name: 'hili:partner-docs',
    resolveId: (name) => (name === NAME ? `\0${NAME}` : undefined),
    async load(name) {
      if (name !== `\0${NAME}`) return undefined;
      this.addWatchFile(SOURCE);
      const [, chinese, english, samples] = (await readFile(SOURCE, 'utf8')).split(/^## .*$/m);
      const firstSample = samples?.indexOf('\n### ') ?? -1;
      if (!chinese || !english || !samples || firstSample < 0)
        throw new Error('expected docs/partner-api.md to have a Chinese part, an English part and samples');
      const [page, code] = [renderer(2), renderer(3)];
      return Object.entries({
        chinese: page.render(chinese),
        english: page.render(english),
        // What stands before the first sample, the page says in its reader's language.
        samples: code.render(samples.slice(firstSample)),
      })
        .map(([part, html]) => `export const ${part} = ${JSON.stringify(html)};`)
        .join('\n');
    },
  };
}
