import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AB_ERRORS, auc, colourfulness, hueAndChroma, labOf, medianDeltaE } from './colour-metrics.ts';
import { type Picture, readPicture } from './pixels.ts';
import { openRows, type Runner, type Summary, timed } from './runner.ts';
import { heldOutColour } from './sets.ts';

/** Regions found by rule in the true colours, and the hues that pass there. Degrees of Lab hue; the mean needs chroma 6. */
const REGIONS = {
  sky: { upTo: 0.5, hue: [215, 285], chroma: 8, light: [50, 100], people: false, pass: [210, 280] },
  foliage: { upTo: 1, hue: [103, 140], chroma: 14, light: [15, 80], people: false, pass: [95, 150] },
  skin: { upTo: 1, hue: [30, 72], chroma: 10, light: [20, 88], people: true, pass: [25, 75] },
} as const;
type Region = keyof typeof REGIONS;

/**
 * Photos whose region is none: blue coats for skies, green walls for foliage. Most of what is marked
 * in the true photo shows something else; what was doubtful is not listed.
 */
const mistaken: Partial<Record<Region, readonly string[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'mistaken-regions.json'), 'utf8'),
);

/** Share of the pixels looked at from which a photo counts for a region. */
const ENOUGH = { sky: 0.12, foliage: 0.15, skin: 0.2 };
/** Grid on which colours are counted for the balanced error. */
const GRID = 12;
const bin = (a: number, b: number) => (Math.round(a / GRID) + 16) * 32 + Math.round(b / GRID) + 16;

/** The 8-bit grey of the same lightness as each colour. */
function greyOf(photo: Picture): Picture {
  const values = labOf(photo);
  const data = photo.data.map((_, at) => {
    const y = (values[at - (at % 3)]! + 16) / 116;
    const linear = y > 6 / 29 ? y ** 3 : (y - 16 / 116) / 7.787;
    return Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
  });
  return { ...photo, data };
}

/** Pixels of a region by its rule; nothing when there are too few. */
function regionOf(region: Region, truth: Float64Array, { width, height }: Picture, people: boolean) {
  const rule = REGIONS[region];
  if (rule.people !== people) return undefined;
  const looked = Math.floor(height * rule.upTo) * width;
  const found: number[] = [];
  for (let i = 0; i < looked; i++) {
    const [hue, chroma] = hueAndChroma(truth[3 * i + 1]!, truth[3 * i + 2]!);
    const L = truth[3 * i]!;
    if (hue >= rule.hue[0] && hue <= rule.hue[1] && chroma >= rule.chroma && L >= rule.light[0] && L <= rule.light[1])
      found.push(i);
  }
  return found.length >= ENOUGH[region] * looked ? found : undefined;
}

function passes(region: Region, pixels: readonly number[], got: Float64Array): boolean {
  const mean = (c: number) => pixels.reduce((sum, i) => sum + got[3 * i + c]!, 0) / pixels.length;
  const [hue, chroma] = hueAndChroma(mean(1), mean(2));
  return hue >= REGIONS[region].pass[0] && hue <= REGIONS[region].pass[1] && chroma >= 6;
}

/** Share of brownish pixels: hue 40 to 85 degrees, chroma 5 to 20. */
function brownShare(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i += 3) {
    const [hue, chroma] = hueAndChroma(values[i + 1]!, values[i + 2]!);
    if (hue > 40 && hue < 85 && chroma > 5 && chroma < 20) count++;
  }
  return (3 * count) / values.length;
}

export interface ColourFigures {
  readonly rows: Summary;
  readonly photos: number;
  /** Per method: area under the error curve, plain and balanced by how rare a colour is, in per cent. */
  readonly auc: Record<string, readonly [plain: number, balanced: number]>;
  /** Photos of each region, and how many of them pass. */
  readonly regions: Record<Region, { readonly photos: number; readonly passed: number }>;
}

/** Held-out colour photos made grey, through the whole recipe at their own size. */
export async function evaluateColour(data: string, ours: Runner, most: number): Promise<ColourFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'hili-eval-'));
  const entries = heldOutColour(data).slice(0, most);
  const open = async (bytes: Uint8Array) => {
    await writeFile(join(folder, 'photo'), bytes);
    return readPicture(join(folder, 'photo'));
  };
  const counts = new Float64Array(1024);
  const byLight = Array.from({ length: 101 }, () => ({ a: 0, b: 0, n: 0 }));
  for (const { bytes } of entries) {
    const values = labOf(await open(bytes));
    for (let i = 0; i < values.length; i += 12) {
      const [L, a, b] = [values[i]!, values[i + 1]!, values[i + 2]!];
      counts[bin(a, b)] = counts[bin(a, b)]! + 1;
      const mean = byLight[Math.round(L)]!;
      [mean.a, mean.b, mean.n] = [mean.a + a, mean.b + b, mean.n + 1];
    }
  }
  const all = counts.reduce((a, b) => a + b);
  const rarity = counts.map((n) => 1 / (n / all + 1e-3));

  const rows = openRows();
  const errors = new Map<string, readonly [Float64Array, Float64Array]>();
  const regions = { sky: { photos: 0, passed: 0 }, foliage: { photos: 0, passed: 0 }, skin: { photos: 0, passed: 0 } };
  const count = (method: string, truth: Float64Array, ab: (i: number) => readonly [number, number]) => {
    const pair = errors.get(method) ?? ([new Float64Array(AB_ERRORS + 1), new Float64Array(AB_ERRORS + 1)] as const);
    errors.set(method, pair);
    for (let i = 0; i < truth.length; i += 12) {
      const [a, b] = ab(i);
      const error = Math.min(AB_ERRORS, Math.ceil(Math.hypot(a - truth[i + 1]!, b - truth[i + 2]!)));
      pair[0][error] = pair[0][error]! + 1;
      pair[1][error] = pair[1][error]! + rarity[bin(truth[i + 1]!, truth[i + 2]!)]!;
    }
  };
  try {
    for (const { bytes, name, category } of entries) {
      const photo = await open(bytes);
      const [truth, grey] = [labOf(photo), greyOf(photo)];
      const { picture, seconds } = await ours.enhance(grey, 'sr,repair,colour', { scale: 1 });
      const got = labOf(picture);
      count('grey', truth, () => [0, 0]);
      count('mean by luminance', truth, (i) => {
        const { a, b, n } = byLight[Math.round(truth[i]!)]!;
        return [a / Math.max(1, n), b / Math.max(1, n)];
      });
      count('ours', truth, (i) => [got[i + 1]!, got[i + 2]!]);
      const score = (method: string, result: Picture, values: Float64Array, time: number) =>
        rows.note(method, {
          colourfulness: colourfulness(result),
          true: colourfulness(photo),
          brown: 100 * (brownShare(values) - brownShare(truth)),
          deltaE: medianDeltaE(result, photo),
          seconds: time,
        });
      score('grey', grey, labOf(grey), (await timed(() => grey)).seconds);
      score('ours', picture, got, seconds);
      for (const region of Object.keys(REGIONS) as Region[]) {
        const pixels = regionOf(region, truth, photo, category.startsWith('people'));
        if (!pixels || mistaken[region]?.includes(name)) continue;
        regions[region].photos++;
        if (passes(region, pixels, got)) regions[region].passed++;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    rows: rows.summary(),
    photos: entries.length,
    regions,
    auc: Object.fromEntries(
      [...errors].map(([name, [plain, balanced]]) => [name, [auc(plain), auc(balanced)]] as const),
    ),
  };
}
