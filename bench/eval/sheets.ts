import { basename, join } from 'node:path';
import type { RecipeName } from '@hili/engine';
import { type Picture, readPicture, resampled, writePicture } from './pixels.ts';
import type { Runner } from './runner.ts';
import type { photosOf } from './sets.ts';

type Folder = Parameters<typeof photosOf>[1];

/** What each folder is shown through, and at which scale. */
const SHOWN: readonly (readonly [Folder, RecipeName, 1 | 2])[] = [
  ['old', 'sr,repair,colour', 1],
  ['faces-lq', 'sr,repair', 2],
  ['real-lq', 'sr,repair', 2],
  ['portraits', 'bg', 1],
  ['matting', 'bg', 1],
];
/** Pixels of a shown input's longer side at most. */
const LONGEST = 1000;

/** Two pictures of one size side by side. */
function beside(left: Picture, right: Picture): Picture {
  const width = left.width + right.width + 8;
  const data = new Uint8Array(3 * width * left.height).fill(255);
  for (const [picture, at] of [[left, 0] as const, [right, left.width + 8] as const])
    for (let y = 0; y < left.height; y++)
      data.set(picture.data.subarray(3 * y * picture.width, 3 * (y + 1) * picture.width), 3 * (y * width + at));
  return { width, height: left.height, data };
}

/** Writes FOLDER--RECIPE--NAME.jpg, the input (enlarged by Lanczos3 where ours enlarges) beside ours, for looking at. */
export async function writeSheets(
  set: (folder: Folder) => readonly string[],
  ours: Runner,
  target: string,
): Promise<void> {
  for (const [folder, recipe, scale] of SHOWN)
    for (const path of set(folder).filter((p) => !p.endsWith('.alpha.png'))) {
      const whole = await readPicture(path);
      const factor = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
      const [w, h] = [Math.round(whole.width * factor), Math.round(whole.height * factor)];
      const photo = await resampled(whole, w, h, 'lanczos3');
      const { picture } = await ours.enhance(photo, recipe, recipe === 'bg' ? { rgb: [67, 142, 219] } : { scale });
      const plain = await resampled(photo, picture.width, picture.height, 'lanczos3');
      const name = `${folder}--${recipe.replaceAll(',', '-')}--${basename(path).replace(/\.\w+$/, '')}.jpg`;
      await writePicture(beside(plain, picture), join(target, name), 'jpeg', 90);
    }
}
