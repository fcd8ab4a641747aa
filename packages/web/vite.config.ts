import type { Dirent } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { partnerDocs } from './partner-docs.ts';
import { prerendered } from './prerendered.ts';

/** Endings of files that shrink; pictures and fonts do not. */
const TEXT = ['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt'];

/** Files in which the server puts its address; it compresses them itself. */
const isFilledIn = ({ name, parentPath }: Dirent) =>
  /[/\\]pages[/\\]\w+$/.test(parentPath) || ['sitemap.xml', 'robots.txt'].includes(name);

/** Puts a `.br` and a `.gz` beside each text file, at the highest levels, so that the server compresses nothing while it runs. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'hili:compressed',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      // After the pages have been written.
      sequential: true,
      order: 'post',
      async handler() {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        const texts = entries.filter(
          (entry) => entry.isFile() && TEXT.includes(extname(entry.name)) && !isFilledIn(entry),
        );
        await Promise.all(
          texts.map(async (entry) => {
            const path = join(entry.parentPath, entry.name);
            const bytes = await readFile(path);
            await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes));
            await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
          }),
        );
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), partnerDocs(), prerendered(), compressed()],
  // The page's policy forbids inline scripts and data: addresses, so nothing is inlined.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What every page needs, in one file: 16 files took 5 KB more of a first load, since each is compressed by itself.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/files': 'http://127.0.0.1:3000' } },
});
