import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Engine, type EngineSettings, openEngine, PhotoError, REASONS, type Reason } from '../src/index.ts';
import { DUST_BOWL, fileOf, pixelsOf, randoms, scene } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-engine-'));
const opened: Engine[] = [];
const open = (settings: EngineSettings = {}) => {
  const engine = openEngine({ processes: 1, ...settings });
  opened.push(engine);
  return engine;
};
const engine = open();
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

const small = await fileOf(scene(96, 72), 'png');
/** Takes some seconds, in many tiles. */
const large = await fileOf(scene(1600, 1200), 'png');
const reasonOf = (run: Promise<unknown>): Promise<Reason | 'none'> =>
  run.then(
    () => 'none' as const,
    (error) => (error instanceof PhotoError ? error.reason : Promise.reject(error)),
  );
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(condition()).toBe(true);
}

it('gives the bytes of the restored photo and a report of sizes, steps, milliseconds and models', async () => {
  const { bytes, report } = await engine.enhance(small, 'sr');
  const result = await pixelsOf(bytes);
  expect([result.width, result.height]).toEqual([192, 144]);
  expect(report).toEqual({
    input: { format: 'png', width: 96, height: 72, bytes: small.length },
    output: { format: 'png', width: 192, height: 144, bytes: bytes.length },
    recipe: 'sr',
    changed: true,
    ms: expect.any(Number),
    steps: [{ name: 'sr', ms: expect.any(Number), model: 'sr-2', changed: true }],
    faces: [],
    checks: [],
  });
});

it('writes the format that came in, GIF and BMP as PNG and HEIC as JPEG, or the one that is asked for', async () => {
  const gif = await fileOf(scene(48, 36), 'gif');
  const heic = readFileSync(join(import.meta.dirname, 'fixtures', 'drawn.heic'));
  const formats = async (bytes: Uint8Array, options = {}) => {
    const { report, bytes: result } = await engine.enhance(bytes, 'sr', options);
    writeFileSync(join(folder, 'written'), result);
    const header = await engine.inspect(join(folder, 'written'));
    expect(header.format).toBe(report.output.format);
    return header.format;
  };
  expect(await formats(gif)).toBe('png');
  expect(await formats(heic)).toBe('jpeg');
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)
    expect(await formats(await fileOf(scene(48, 36), format))).toBe(format);
  for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) expect(await formats(small, { format })).toBe(format);
});

it('labels the result by what the caller says of itself', async () => {
  const { bytes } = await engine.enhance(small, 'sr', {
    format: 'jpeg',
    label: { producer: 'operator-9', id: 'job-42' },
  });
  const text = Buffer.from(bytes).toString('latin1');
  expect(text).toContain('operator-9');
  expect(text).toContain('job-42');
});

it('makes a preview of the upright input on the way', async () => {
  const [inPath, outPath, previewPath] = [join(folder, 'in'), join(folder, 'out'), join(folder, 'preview')];
  writeFileSync(inPath, large);
  await engine.enhanceFile(inPath, outPath, 'sr', { previewPath, longEdge: 1600 });
  expect(await engine.inspect(previewPath)).toMatchObject({ format: 'jpeg', width: 1600, height: 1200 });
});

it('tells its progress tile by tile, over decoding, every step and encoding', async () => {
  const seen: { progress: number; step: string }[] = [];
  await engine.enhance(large, 'sr', { onProgress: (progress) => seen.push(progress) });
  expect([...new Set(seen.map(({ step }) => step))]).toEqual(['decode', 'sr', 'encode']);
  expect(seen.length).toBeGreaterThan(12);
  const shares = seen.map(({ progress }) => progress);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
});

it('stops between tiles when it is cancelled, and its process lives on', async () => {
  await engine.enhance(small, 'sr');
  const before = engine.pids();
  const stop = new AbortController();
  const started = performance.now();
  const run = engine.enhance(large, 'sr', {
    signal: stop.signal,
    onProgress: ({ progress }) => progress > 0.1 && stop.abort(),
  });
  expect(await reasonOf(run)).toBe('cancelled');
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(engine.pids()).toEqual(before);
  expect(await reasonOf(engine.enhance(small, 'sr', { signal: AbortSignal.abort() }))).toBe('cancelled');
});

it('does not begin what was cancelled while it waited', async () => {
  const stop = new AbortController();
  const first = engine.enhance(large, 'sr', { longEdge: 1700 });
  const second = engine.enhance(small, 'sr', { signal: stop.signal });
  stop.abort();
  const third = engine.enhance(small, 'sr');
  expect(await reasonOf(second)).toBe('cancelled');
  expect(await reasonOf(first)).toBe('none');
  expect(await reasonOf(third)).toBe('none');
});

it('kills a run at the hard timeout, and the next one works', async () => {
  const hasty = open({ timeoutMs: 700 });
  const started = performance.now();
  expect(await reasonOf(hasty.enhance(large, 'sr', { scale: 4 }))).toBe('timeout');
  expect(performance.now() - started).toBeLessThan(3000);
  await until(() => hasty.pids().length === 0);
});

it.skipIf(!existsSync('/proc/self/statm'))('kills a run that takes more memory than it may', async () => {
  const tight = open({ memoryMb: 70 });
  expect(await reasonOf(tight.enhance(large, 'sr'))).toBe('out_of_memory');
});

it('fails one attempt and no more when a process crashes, and goes on with another', async () => {
  let killed = 0;
  const run = engine.enhance(large, 'sr', {
    onProgress: ({ step }) => {
      if (step === 'sr' && !killed) {
        killed = engine.pids()[0] as number;
        process.kill(killed, 'SIGKILL');
      }
    },
  });
  expect(await reasonOf(run)).toBe('crashed');
  expect(await reasonOf(engine.enhance(small, 'sr'))).toBe('none');
  expect(engine.pids()).not.toContain(killed);
});

it('takes a new process after a number of runs', async () => {
  const frugal = open({ recycleAfter: 2 });
  const pids = [];
  for (let run = 0; run < 4; run++) {
    await frugal.enhance(small, 'sr');
    pids.push(frugal.pids()[0]);
  }
  await frugal.enhance(small, 'sr', { onProgress: () => pids.push(frugal.pids().at(-1)) });
  expect(new Set(pids.filter(Boolean)).size).toBe(3);
});

it('runs as many at a time as it has processes', async () => {
  const two = open({ processes: 2 });
  let most = 0;
  const onProgress = () => {
    most = Math.max(most, two.pids().length);
  };
  await Promise.all([0, 1, 2, 3].map(() => two.enhance(small, 'sr', { onProgress })));
  expect(most).toBe(2);
});

it('begins in the order of asking', async () => {
  const path = join(folder, 'small');
  writeFileSync(path, small);
  const begun: number[] = [];
  const onProgress = (i: number) => () => begun.includes(i) || begun.push(i);
  await Promise.all(
    [0, 1, 2, 3].map((i) => engine.enhanceFile(path, `${path}${i}`, 'sr', { onProgress: onProgress(i) })),
  );
  expect(begun).toEqual([0, 1, 2, 3]);
});

it('leaves no process behind when the one that opened it is killed', async () => {
  const script = join(folder, 'parent.mjs');
  const index = join(import.meta.dirname, '..', 'src', 'index.ts');
  writeFileSync(
    script,
    `import { openEngine } from ${JSON.stringify(index)};
     import { readFileSync } from 'node:fs';
     const engine = openEngine({ processes: 1 });
     engine.enhance(readFileSync(${JSON.stringify(DUST_BOWL)}), 'sr', { onProgress: ({ step }) => step === 'sr' && console.log(engine.pids()[0]) });`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const child = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (text) => resolve(Number.parseInt(text, 10))),
  );
  expect(alive(child)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => !alive(child));
});

it('says that a recipe or an option is wrong before it begins', async () => {
  expect(await reasonOf(engine.enhance(small, 'repair' as 'sr'))).toBe('bad_option');
  expect(await reasonOf(engine.enhance(small, 'toString' as 'sr'))).toBe('bad_option');
  expect(await reasonOf(engine.enhance(small, 'sr', { scale: 3 as 2 }))).toBe('bad_option');
});

it('refuses a format that cannot hold the picture before the work, and chooses one that can where none is asked for', async () => {
  const long = readFileSync(join(import.meta.dirname, 'fixtures', 'long.avif'));
  const steps: string[] = [];
  const onProgress = ({ step }: { step: string }) => void steps.push(step);
  for (const [format, most] of [
    ['avif', 16_384],
    ['webp', 16_383],
  ] as const) {
    const refused = await engine.enhance(long, 'sr', { format, onProgress }).catch((error: Error) => error);
    expect(refused).toMatchObject({
      reason: 'bad_option',
      message: `expected sides of at most ${most} px for ${format} but received 16500 x 16`,
    });
  }
  expect(new Set(steps)).toEqual(new Set(['decode']));
  const { bytes, report } = await engine.enhance(long, 'sr');
  expect(report.output).toMatchObject({ format: 'jpeg', width: 16_500, height: 16 });
  expect(Buffer.from(bytes).readUInt16BE(), 'the first bytes of a JPEG').toBe(0xffd8);
  expect((await engine.enhance(long, 'sr', { mostLongEdge: 2000 })).report.output).toMatchObject({
    ...{ format: 'avif', width: 2000 },
  });
});

it('leaves no result of a run that failed', async () => {
  const outPath = join(folder, 'failed');
  writeFileSync(join(folder, 'broken'), large.subarray(0, 9000));
  expect(await reasonOf(engine.enhanceFile(join(folder, 'broken'), outPath, 'sr'))).toBe('damaged');
  expect(existsSync(outPath)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('failed'))).toEqual([]);
});

it('survives hostile bytes of every format, with a header or a reason from the closed list', async () => {
  const random = randoms(5);
  const heic = readFileSync(join(import.meta.dirname, 'fixtures', 'drawn.heic'));
  const files = [heic, await fileOf(scene(64, 48), 'jpeg'), small];
  for (const format of ['webp', 'avif', 'tiff', 'gif'] as const) files.push(await fileOf(scene(64, 48), format));
  const path = join(folder, 'hostile');
  const outcomes = new Set<string>();
  for (const file of files)
    for (let round = 0; round < 12; round++) {
      const bytes = Buffer.from(file);
      for (let hit = 0; hit < 1 + round; hit++)
        bytes[12 + Math.floor(random() * (bytes.length - 12))] = Math.floor(random() * 256);
      writeFileSync(path, bytes.subarray(0, round % 3 === 2 ? Math.floor(random() * bytes.length) + 12 : bytes.length));
      outcomes.add(await reasonOf(engine.inspect(path)));
    }
  expect([...outcomes].filter((one) => one !== 'none' && !REASONS.includes(one as Reason))).toEqual([]);
  expect(outcomes).toContain('damaged');
  expect(outcomes).not.toContain('crashed');
});

it('says nothing of paths in its errors', async () => {
  writeFileSync(join(folder, 'words'), 'These are words and not a picture at all.');
  const error = await engine.inspect(join(folder, 'words')).catch((caught: Error) => caught);
  expect(error).toBeInstanceOf(PhotoError);
  expect((error as Error).message).toMatch(/^expected .* for the file but received/);
  expect((error as Error).message).not.toContain(folder);
});
