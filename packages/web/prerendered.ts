import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LANGUAGES } from '@hili/contract';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { escaped, pageHead, robots, sitemap, tagOf } from './page-head.ts';
import { partnerDocs } from './partner-docs.ts';

/** Pages that the service worker keeps: those that make sense without a connection. */
const KEPT = ['/', '/prices', '/api-docs', '/terms', '/privacy', '/offline'];

/** Pages that say no more than Home's first paint. */
const BRIEF = ['/', '/404'];

/** Modules of the operator's console, which no visitor needs. */
const CONSOLE = /\/src\/(locales\/)?admin\//;

/**
 * Writes each page that is the same for everybody as HTML in each language: `pages/LANGUAGE/index.html`, `pages/LANGUAGE/privacy.html`;
 * then `sitemap.xml`, `robots.txt` and the service worker `sw.js`.
 */
export function prerendered(): Plugin {
  let root = '';
  let folder = '';
  /** The files of texts, by their place in `locales/`: `fr` and `first/fr`. */
  const texts = new Map<string, string>();
  const files: string[] = [];
  return {
    name: 'hili:prerendered',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      folder = resolve(root, config.build.outDir);
    },
    writeBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        const place = chunk.type === 'chunk' && /locales\/((first\/)?\w+)\.json$/.exec(chunk.facadeModuleId ?? '')?.[1];
        if (place) texts.set(place, `/${chunk.fileName}`);
        else if (chunk.type === 'chunk' && chunk.moduleIds.some((id) => CONSOLE.test(id))) continue;
        else if (/\.(js|css)$/.test(chunk.fileName)) files.push(`/${chunk.fileName}`);
      }
    },
    async closeBundle() {
      const rendering = join(folder, 'prerender');
      await build({
        root,
        configFile: false,
        logLevel: 'warn',
        plugins: [react(), partnerDocs()],
        ssr: { noExternal: true },
        build: {
          ssr: 'src/prerender.tsx',
          outDir: rendering,
          emptyOutDir: true,
          copyPublicDir: false,
          target: 'node24',
        },
      });
      const { PAGES, render }: typeof import('./src/prerender.tsx') = await import(
        pathToFileURL(join(rendering, 'prerender.js')).href
      );
      const shell = await readFile(join(folder, 'index.html'), 'utf8');
      for (const language of LANGUAGES)
        for (const [path, { found }] of Object.entries(PAGES)) {
          const { html, ...words } = await render(path, language);
          const wanted = [`first/${language}`, ...(BRIEF.includes(path) ? [] : [language])];
          const page = shell
            .replace('lang="en"', `lang="${tagOf(language)}" data-language="${language}"`)
            .replace(/<title>.*<\/title>/, () => `<title>${escaped(words.title)}</title>`)
            .replace(
              '</head>',
              () =>
                `${pageHead(path, language, found, words)}${wanted.map((place) => `\n    <link rel="modulepreload" crossorigin href="${texts.get(place)}" />`).join('')}\n  </head>`,
            )
            .replace('<div id="root"></div>', () => `<div id="root">${html}</div>`);
          await mkdir(join(folder, 'pages', language), { recursive: true });
          await writeFile(join(folder, 'pages', language, path === '/' ? 'index.html' : `${path.slice(1)}.html`), page);
        }
      await rm(rendering, { recursive: true });
      const found = Object.keys(PAGES).filter((path) => PAGES[path]?.found);
      await writeFile(join(folder, 'sitemap.xml'), sitemap(found));
      await writeFile(join(folder, 'robots.txt'), robots());
      await writeFile(join(folder, 'sw.js'), await serviceWorker(root, folder, files));
    },
  };
}

/** The service worker with what it keeps, and a version that changes with any file of the page. */
async function serviceWorker(root: string, folder: string, files: readonly string[]): Promise<string> {
  const source = await readFile(join(root, 'service-worker.js'), 'utf8');
  const hash = createHash('sha256').update(source);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) hash.update(await readFile(path));
  const constants = {
    VERSION: hash.digest('base64url').slice(0, 12),
    PAGES: KEPT,
    FILES: [...files, '/icon.svg', '/manifest.webmanifest'],
  };
  const lines = Object.entries(constants).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  return `${lines.join('\n')}\n${source}`;
}
