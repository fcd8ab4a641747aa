import { PhotoError } from './errors.ts';
import { type InputFormat, OUTPUT_FORMATS, type OutputFormat } from './format.ts';
import type { Label } from './labels.ts';
import type { RecipeName } from './recipes.ts';

/** Pixels of a result's longer side at most, unless the photo itself is longer. */
export const LONG_EDGE = 6000;

/** What a caller may ask for; everything has a default. */
export interface Options {
  /** Enlargement of `sr`: 2 unless given, or whatever `longEdge` needs. */
  readonly scale?: 1 | 2 | 4;
  /** Pixels of the result's longer side: instead of `scale`, or as a limit beside it. The result is never smaller than the photo. */
  readonly longEdge?: number;
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
  /** How much of the repair is applied, 0 to 1; 1 unless given. */
  readonly strength?: number;
  /** Also writes a JPEG of the upright input here, 1600 px at most, that any browser shows. */
  readonly previewPath?: string;
  /** For the AI label that every result has in its XMP. */
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
    readonly model: string | null;
    readonly changed: boolean;
  }[];
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

/** @throws PhotoError `bad_option` for the first value outside its range. */
export function checkOptions(options: Options): void {
  if (options.scale !== undefined && ![1, 2, 4].includes(options.scale))
    throw new PhotoError('bad_option', `expected 1, 2 or 4 for scale but received ${options.scale}`);
  within('longEdge', options.longEdge, 16, LONG_EDGE, true);
  within('mostLongEdge', options.mostLongEdge, 16, 20_000, true);
  within('quality', options.quality, 1, 100, true);
  within('strength', options.strength, 0, 1, false);
  if (options.format !== undefined && !OUTPUT_FORMATS.includes(options.format))
    throw new PhotoError('bad_option', `expected one of ${OUTPUT_FORMATS} for format but received ${options.format}`);
  if (options.rgb !== undefined && options.rgb.length !== 3)
    throw new PhotoError('bad_option', `expected three numbers for rgb but received ${options.rgb.length}`);
  for (const value of options.rgb ?? []) within('rgb', value, 0, 255, true);
}

/**
 * Size of an enlarged photo: `scale` times (2 unless given), at most `longEdge` and 6000 px on the longer side, never below the photo.
 * Without `scale`, `longEdge` alone decides, up to 4 times.
 */
export function targetSize(
  width: number,
  height: number,
  options: Pick<Options, 'scale' | 'longEdge' | 'mostLongEdge'>,
): readonly [number, number] {
  const long = Math.max(width, height);
  const limit = Math.min(options.longEdge ?? LONG_EDGE, options.mostLongEdge ?? LONG_EDGE, LONG_EDGE);
  const wanted = options.scale ?? (options.longEdge ? 4 : 2);
  const factor = Math.max(1, Math.min(wanted, limit / long));
  return [Math.max(width, Math.round(width * factor)), Math.max(height, Math.round(height * factor))];
}
