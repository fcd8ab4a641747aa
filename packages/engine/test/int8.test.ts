import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decode, encode } from '../src/codec.ts';
import { findModel, OWN_MODELS, openEngine } from '../src/index.ts';

let folder: string;
let original: Uint8Array;
let sharp: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hili-int8-'));
  const [width, height] = [160, 120];
  const data = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 128 + 60 * Math.sin(x / 6 + (at % 3)) + 50 * Math.cos(y / 9 + x / 14) + (x > 80 ? 15 : 0);
  });
  await encode({ width, height, data }, { exif: {} }, 'png', join(folder, 'in.png'));
  original = await readFile(join(folder, 'in.png'));
  const edges = Uint8Array.from({ length: 3 * width * height }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 128 + (((x >> 3) + (y >> 3)) % 2 ? 70 : -70) + ((x * 37 + y * 57 + x * y) % 41) - 20;
  });
  await encode({ width, height, data: edges }, { exif: {} }, 'png', join(folder, 'sharp.png'));
  sharp = await readFile(join(folder, 'sharp.png'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder of models with our `sr`, its int8 version replaced or left out. */
async function models(name: string, int8: Uint8Array | undefined): Promise<string> {
  const target = join(folder, name);
  await mkdir(target);
  const card = JSON.parse(await readFile(join(OWN_MODELS, 'sr.json'), 'utf8'));
  await writeFile(join(target, card.file), await readFile(join(OWN_MODELS, card.file)));
  if (int8) {
    await writeFile(join(target, card.int8.file), int8);
    card.int8.sha256 = createHash('sha256').update(int8).digest('hex');
  } else delete card.int8;
  await writeFile(join(target, 'sr.json'), JSON.stringify(card));
  return target;
}

async function enlarged(modelFolders: readonly string[], photo = original): Promise<Uint8Array> {
  const engine = openEngine({ processes: 1, modelFolders });
  try {
    const { bytes } = await engine.enhance(photo, 'sr', { format: 'png' });
    const path = join(folder, 'out.png');
    await writeFile(path, bytes);
    return (await decode(path)).raster.data;
  } finally {
    await engine.close();
  }
}

const meanDifference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, v, i) => sum + Math.abs(v - b[i]!), 0) / a.length;

it('enlarges the same within a byte whether or not the int8 version is chosen', async () => {
  expect(findModel('sr', []).int8Path).toBeDefined();
  const plain = await enlarged([await models('plain', undefined)]);
  expect(meanDifference(plain, await enlarged([]))).toBeLessThan(1);
});

it('enlarges hard edges and grain the same within three bytes, where saturating sums of byte products are six away', async () => {
  const plain = await enlarged([await models('plain-edges', undefined)], sharp);
  expect(meanDifference(plain, await enlarged([], sharp))).toBeLessThan(3);
});

it('does not choose an int8 version whose answer disagrees', async () => {
  const broken = await readFile(findModel('sr', []).int8Path!);
  // The raw weights of the sixth convolution, 64 x 64 x 3 x 3 bytes, behind their name and length.
  const at = broken.indexOf('c5_w\x4a\x80\xa0\x02', 0, 'latin1');
  expect(at).toBeGreaterThan(0);
  for (let i = at + 8; i < at + 8 + 36_864; i++) broken[i] = (broken[i]! * 7 + 90) & 255;
  const plain = await enlarged([await models('float', undefined)]);
  expect(meanDifference(plain, await enlarged([await models('broken', broken)]))).toBe(0);
});

it('refuses an int8 version that is not what the card says', async () => {
  const target = await models('other', await readFile(findModel('sr', []).int8Path!));
  await writeFile(join(target, 'sr.int8.onnx'), 'other bytes');
  await expect(enlarged([target])).rejects.toMatchObject({ reason: 'no_model' });
});
