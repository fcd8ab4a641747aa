import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openEngine, type Progress } from '../src/index.ts';
import { fileOf, pixelsOf, scene } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-threads-'));
const photo = join(folder, 'photo.png');
writeFileSync(photo, await fileOf(scene(960, 720), 'png'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The pictures that so many runs at once make with so many processes, and the most threads that the first child had while it enlarged. */
async function made(processes: number, runs: number) {
  const engine = openEngine({ processes });
  const results = Array.from({ length: runs }, (_, i) => join(folder, `${processes}-${runs}-${i}.png`));
  let threads = 0;
  const onProgress = ({ step }: Progress) => {
    const tasks = `/proc/${engine.pids()[0]}/task`;
    if (step === 'sr' && existsSync(tasks)) threads = Math.max(threads, readdirSync(tasks).length);
  };
  try {
    await Promise.all(results.map((result) => engine.enhanceFile(photo, result, 'sr', { onProgress })));
  } finally {
    await engine.close();
  }
  return { threads, pictures: await Promise.all(results.map(pixelsOf)) };
}

it('computes a lone photo with the cores of idle processes, and makes of it what one core makes', async () => {
  const [one, two] = [await made(1, 1), await made(2, 1)];
  if (existsSync('/proc/self/task')) expect(two.threads).toBeGreaterThan(one.threads);
  expect(two.pictures).toEqual(one.pictures);
});

it('makes the same of two photos at once', async () => {
  const { pictures } = await made(2, 2);
  expect(pictures[1]).toEqual(pictures[0]);
});
