import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openEngine } from '../src/index.ts';
import { residentMb } from '../src/pool.ts';
import { scene, toSharp } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-memory-'));
const engine = openEngine({ processes: 1 });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** Megabytes of this process are those of the test runner: an empty Node process has 45. */
const NODE = 60;

it.skipIf(!existsSync('/proc/self/statm'))(
  'makes 24 megapixels of 6 in less than 700 MB of all processes',
  async () => {
    const path = join(folder, 'photo.jpg');
    await toSharp(scene(600, 400)).resize(3000, 2000).jpeg({ quality: 90 }).toFile(path);
    let most = 0;
    const watch = setInterval(() => {
      const used = engine.pids().reduce((sum, pid) => sum + (residentMb(pid) ?? 0), NODE);
      most = Math.max(most, used);
    }, 10);
    const report = await engine.enhanceFile(path, join(folder, 'result.jpg'), 'sr');
    clearInterval(watch);
    expect(report.output).toMatchObject({ width: 6000, height: 4000 });
    expect(most).toBeGreaterThan(150);
    expect(most).toBeLessThan(700);
  },
  180_000,
);
