import { PhotoError } from './errors.ts';
import { type InputFormat, OUTPUT_FORMATS, type OutputFormat } from './format.ts';
import { type GivenColour, MOST_COLOURS } from './given-colours.ts';
import type { Check } from './id-checks.ts';
import type { Label } from './labels.ts';
import type { RecipeName } from './recipes.ts';
import type { Crop, Shape } from './shape.ts';

/** Pixels of a result's longer side at most, unless the photo itself is longer. */
export const LONG_EDGE = 6000;

/** Pixels of a preview's longer side. */
export const PREVIEW = 1600;

/**
 * Why a step left a photo as it was where its owner may have hoped for more: `toned`, the print's own tone is stronger than the colours
 * that the network knows for it; `coloured`, it has colours already.
 */
export type Note = 'toned' | 'coloured';

/** What a caller may ask for; everything has a default. */
export interface Options extends Shape {
  /** Enlargement of `sr`: 2 unless given, or whatever `longEdge` needs. */
  readonly scale?: 1 | 2 | 4;
  /** Pixels of the result's longer side: instead of `scale`, or as a limit beside it. The result is never smaller than the photo. */
  readonly longEdge?: number;
  /** In place of `longEdge`, a paper's two sides in pixels at 300 dpi: the result fits it either way round, and says how dense it is. */
  readonly paper?: readonly [number, number];
  /** Pixels of the result's longer side at most, even when the photo is longer: then it is reduced before anything else. */
  readonly mostLongEdge?: number;
  /** The photo's own format unless given (GIF and BMP become PNG, HEIC becomes JPEG). */
  readonly format?: OutputFormat;
  /** 1 to 100; 92 unless given. */
  readonly quality?: number;
  /** Background of `bg`, 0 to 255 each; white unless given. */
  readonly rgb?: readonly [number, number, number];
  /** Keeps the place where the photo was taken in the metadata. */
  readonly keepGps?: boolean;
  /** How much of each step is applied, 0 to 1; 1 unless given. */
  readonly strength?: { readonly repair?: number; readonly colour?: number; readonly sr?: number };
  /**
   * How much texture `sr` draws beside what is likeliest where it enlarges, 0 to 1; none unless given. It is noise, as strong as detail
   * that is lost there tends to be, little where edges are, and the same each time: skin, cloth and leaves look less smooth, no shape is
   * drawn. In proportion to `strength.sr`; below twice the size to how much larger the result is; none with another's network for `sr`.
   */
  readonly texture?: number;
  /** Has `colour` give a photo new colours even where it would leave it as it is, with a note. */
  readonly recolour?: boolean;
  /** True colours at places, for `colour` to keep to: 24 at most. A photo that has colours still needs `recolour`. */
  readonly colours?: readonly GivenColour[];
  /** Also writes a JPEG of the upright input here, 1600 px at most, that any browser shows. */
  readonly previewPath?: string;
  /** Also writes such a JPEG of the input as it is turned and cut; nothing when it is neither. */
  readonly beforePath?: string;
  /** Also writes a JPEG of the result, 1600 px at most, with its AI label; nothing where any browser shows the result and it is no longer. */
  readonly resultPreviewPath?: string;
  /** Has the report say where faces are, for whoever shows them. A network that cannot look fails no photo. */
  readonly findFaces?: boolean;
  /** For the AI label that every result has in its XMP, and may have in its pixels. */
  readonly label?: Label;
}

/** What happened to a photo. */
export interface Report {
  readonly input: {
    readonly format: InputFormat;
    readonly width: number;
    readonly height: number;
    readonly bytes: number;
  };
  readonly output: {
    readonly format: OutputFormat;
    readonly width: number;
    readonly height: number;
    readonly bytes: number;
  };
  readonly recipe: RecipeName;
  /** False when every step left the photo as it is. */
  readonly changed: boolean;
  /** Milliseconds from reading to writing. */
  readonly ms: number;
  readonly steps: readonly {
    readonly name: string;
    readonly ms: number;
    /** Ids of the models that made its pixels, joined by `+`. */
    readonly model: string | null;
    readonly changed: boolean;
    readonly note?: Note;
  }[];
  /** With `findFaces`, where faces are in the result, the largest first; none after `bg`. */
  readonly faces: readonly Crop[];
  /** With `findFaces`, whether a photo would do as an ID photo, after `bg`; none after other recipes. */
  readonly checks: readonly Check[];
}

/** Where a run stands: 0 to 1 over everything, and the step under way. */
export interface Progress {
  readonly progress: number;
  readonly step: string;
}

function within(name: string, value: number | undefined, low: number, high: number, whole: boolean): void {
  if (value === undefined || (value >= low && value <= high && (!whole || Number.isInteger(value)))) return;
  throw new PhotoError(
    'bad_option',
    `expected ${whole ? 'a whole number' : 'a number'} from ${low} to ${high} for ${name} but received ${value}`,
  );
}

function checkCrop(crop: Options['crop']): void {
  if (!crop) return;
  const { left, top, width, height } = crop;
  for (const [name, value] of Object.entries({ left, top })) within(`crop.${name}`, value, 0, 1, false);
  for (const [name, value] of Object.entries({ width, height })) within(`crop.${name}`, value, 0.001, 1, false);
  // Fractions that were computed add up to a little more than 1.
  if (left + width > 1.000001 || top + height > 1.000001)
    throw new PhotoError('bad_option', `expected a crop within the picture but received ${JSON.stringify(crop)}`);
}

function checkColours(colours: readonly GivenColour[]): void {
  if (colours.length > MOST_COLOURS)
    throw new PhotoError('bad_option', `expected ${MOST_COLOURS} colours at most but received ${colours.length}`);
  for (const [i, { x, y, colour }] of colours.entries()) {
    for (const [name, value] of Object.entries({ x, y })) within(`colours[${i}].${name}`, value, 0, 1, false);
    if (!/^#[0-9a-f]{6}$/i.test(colour))
      throw new PhotoError('bad_option', `expected #rrggbb for colours[${i}].colour but received ${colour}`);
  }
}

/** @throws PhotoError `bad_option` for the first value outside its range. */
export function checkOptions(options: Options): void {
  if (options.scale !== undefined && ![1, 2, 4].includes(options.scale))
    throw new PhotoError('bad_option', `expected 1, 2 or 4 for scale but received ${options.scale}`);
  within('longEdge', options.longEdge, 16, LONG_EDGE, true);
  within('mostLongEdge', options.mostLongEdge, 16, 20_000, true);
  within('quality', options.quality, 1, 100, true);
  for (const [step, strength] of Object.entries(options.strength ?? {}))
    within(`strength of ${step}`, strength, 0, 1, false);
  within('texture', options.texture, 0, 1, false);
  if (options.rotate !== undefined && ![0, 90, 180, 270].includes(options.rotate))
    throw new PhotoError('bad_option', `expected 0, 90, 180 or 270 for rotate but received ${options.rotate}`);
  within('straighten', options.straighten, -45, 45, false);
  checkCrop(options.crop);
  checkColours(options.colours ?? []);
  for (const side of options.paper ?? []) within('paper', side, 16, 20_000, true);
  if (options.format !== undefined && !OUTPUT_FORMATS.includes(options.format))
    throw new PhotoError('bad_option', `expected one of ${OUTPUT_FORMATS} for format but received ${options.format}`);
  if (options.rgb !== undefined && options.rgb.length !== 3)
    throw new PhotoError('bad_option', `expected three numbers for rgb but received ${options.rgb.length}`);
  for (const value of options.rgb ?? []) within('rgb', value, 0, 255, true);
}

/** Pixels of a picture's longer side that fill a paper as far as its proportions allow, either way round. */
export function fillOf(width: number, height: number, [a, b]: readonly [number, number]): number {
  const ratio = Math.max(width, height) / Math.min(width, height);
  return Math.min(Math.max(a, b), Math.round(Math.min(a, b) * ratio));
}

/**
 * Size of an enlarged photo: `scale` times (2 unless given), at most `longEdge` and 6000 px on the longer side, never below the photo.
 * Without `scale`, `longEdge` or `paper` alone decides, up to 4 times.
 */
export function targetSize(
  width: number,
  height: number,
  options: Pick<Options, 'scale' | 'longEdge' | 'paper' | 'mostLongEdge'>,
): readonly [number, number] {
  const long = Math.max(width, height);
  const target = options.paper ? fillOf(width, height, options.paper) : options.longEdge;
  const limit = Math.min(target ?? LONG_EDGE, options.mostLongEdge ?? LONG_EDGE, LONG_EDGE);
  const wanted = options.scale ?? (target ? 4 : 2);
  const factor = Math.max(1, Math.min(wanted, limit / long));
  return [Math.max(width, Math.round(width * factor)), Math.max(height, Math.round(height * factor))];
}
