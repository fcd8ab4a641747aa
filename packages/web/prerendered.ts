import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LANGUAGES } from '@hili/contract';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Writes each page that is the same for everybody as HTML in each language: `pages/LANGUAGE/index.html`, `pages/LANGUAGE/privacy.html`. */
export function prerendered(): Plugin {
  let root = '';
  let folder = '';
  const texts = new Map<string, string>();
  return {
    name: 'hili:prerendered',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      folder = resolve(root, config.build.outDir);
    },
    writeBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        const language = chunk.type === 'chunk' && /locales\/(\w+)\.json$/.exec(chunk.facadeModuleId ?? '')?.[1];
        if (language) texts.set(language, `/${chunk.fileName}`);
      }
    },
    async closeBundle() {
      const rendering = join(folder, 'prerender');
      await build({
        root,
        configFile: false,
        logLevel: 'warn',
        plugins: [react()],
        ssr: { noExternal: true },
        build: {
          ssr: 'src/prerender.tsx',
          outDir: rendering,
          emptyOutDir: true,
          copyPublicDir: false,
          target: 'node24',
        },
      });
      const { PATHS, render }: typeof import('./src/prerender.tsx') = await import(
        pathToFileURL(join(rendering, 'prerender.js')).href
      );
      const shell = await readFile(join(folder, 'index.html'), 'utf8');
      for (const language of LANGUAGES)
        for (const path of PATHS) {
          const { html, title, description } = await render(path, language);
          const page = shell
            .replace('lang="en"', `lang="${language === 'zh' ? 'zh-CN' : language}" data-language="${language}"`)
            .replace(/<title>.*<\/title>/, () => `<title>${escaped(title)}</title>`)
            .replace(
              '</head>',
              () =>
                `<meta name="description" content="${escaped(description)}" />\n    <link rel="modulepreload" crossorigin href="${texts.get(language)}" />\n  </head>`,
            )
            .replace('<div id="root"></div>', () => `<div id="root">${html}</div>`);
          await mkdir(join(folder, 'pages', language), { recursive: true });
          await writeFile(join(folder, 'pages', language, path === '/' ? 'index.html' : `${path.slice(1)}.html`), page);
        }
      await rm(rendering, { recursive: true });
    },
  };
}
