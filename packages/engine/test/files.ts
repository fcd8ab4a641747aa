import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode as encodeBmp } from 'bmp-ts';
import { afterAll } from 'vitest';
import { scene } from './pictures.ts';

/** A folder of the test file, for what it writes. */
export const folder = mkdtempSync(join(tmpdir(), 'hili-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** Stores a file. @returns its path. */
export function stored(bytes: Uint8Array): string {
  const path = join(folder, String(count++));
  writeFileSync(path, bytes);
  return path;
}

/** A drawn picture, and the same in the two formats that sharp does not write. */
export const picture = scene(160, 120);
const rgba = Buffer.concat(
  [...Array(160 * 120).keys()].map((i) => Buffer.from([0, ...picture.data.subarray(3 * i, 3 * i + 3).toReversed()])),
);
export const bmp = encodeBmp({ data: rgba, width: 160, height: 120, bitPP: 24 } as never).data as unknown as Buffer;
export const heic = readFileSync(join(import.meta.dirname, 'fixtures', 'drawn.heic'));
