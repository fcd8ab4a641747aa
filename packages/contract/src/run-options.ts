import { z } from 'zod';
import { MOST_COLOURS, parseColours } from './given-colours.ts';
import { MAX_RESULT_SIDE, OUTPUT_FORMATS } from './limits.ts';
import { MAX_STRAIGHTEN, PRINT_MM, parseCrop, parsePrint } from './measures.ts';
import { parseRgb, RECIPE_NAMES } from './recipes.ts';

/** A part of a picture, as fractions of its sides. */
export const Crop = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });
export type Crop = z.infer<typeof Crop>;

/** What was asked of a run beside its recipe, as a job keeps and shows it. Ranges are those of PhotoFields. */
export const RunOptions = z.object({
  rotate: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
  crop: Crop.optional(),
  straighten: z.number().optional(),
  repairStrength: z.number().optional(),
  colourStrength: z.number().optional(),
  srStrength: z.number().optional(),
  texture: z.number().optional(),
  recolour: z.boolean().optional(),
  // Its schema is here and not beside `parseColours`, which the page takes: zod would cost every visitor 20 KB.
  colours: z
    .array(z.object({ x: z.number(), y: z.number(), colour: z.string() }))
    .readonly()
    .optional(),
  scale: z.union([z.literal(1), z.literal(2), z.literal(4)]).optional(),
  longEdge: z.number().optional(),
  /** Millimetres of the paper's two sides. */
  print: z.tuple([z.number(), z.number()]).readonly().optional(),
  format: z.enum(OUTPUT_FORMATS).optional(),
  quality: z.number().optional(),
  rgb: z.tuple([z.number(), z.number(), z.number()]).readonly().optional(),
});
export type RunOptions = z.infer<typeof RunOptions>;

const numberOf = (low: number, high: number, whole = false) => {
  const error = `expected ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`;
  const number = z.number({ error }).min(low, { error }).max(high, { error });
  return z
    .string()
    .regex(/\S/, { error })
    .transform(Number)
    .pipe(whole ? number.int({ error }) : number)
    .optional();
};
const oneOf = <const T extends readonly number[]>(values: T) =>
  z
    .string()
    .transform((text) => values.find((value) => String(value) === text.trim()) as T[number])
    .refine((value) => value !== undefined, { error: `expected one of ${values.join(', ')}` })
    .optional();
const parseTruth = (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined);
const readBy = <T>(read: (text: string) => T | undefined, expected: string) =>
  z
    .string()
    .transform((text) => read(text) as T)
    .refine((value) => value !== undefined, { error: `expected ${expected}` })
    .optional();

/**
 * The text fields of `POST /api/v1/photos`, beside `file`; the same names, as text, numbers or arrays, in its JSON, beside `upload` (the
 * id of a draft, see UPLOADS), in that of `POST /api/v1/photos/:id/jobs`, and as metadata of a resumable upload. Whoever makes a photo may
 * choose its `id`, 32 random hex digits in small letters, as one more field: asked for again under the same id, however often, it is the
 * same photo (200 in place of 201) and is charged once; so may whoever asks for another run of a photo, by whose `id` the run is known. First the picture is turned upright as its camera says, then
 * `rotate`, `crop` and `straighten` apply in this order, then the recipe's steps.
 */
export const PhotoFields = z.object({
  recipe: z.enum(RECIPE_NAMES, { error: `expected one of ${RECIPE_NAMES.join('; ')}` }),
  /** Degrees clockwise: 0, 90, 180 or 270. */
  rotate: oneOf([0, 90, 180, 270]),
  /** `left,top,width,height`, each 0 to 1, of the upright and rotated picture. */
  crop: readBy(parseCrop, 'left,top,width,height as fractions of the picture'),
  /** Degrees clockwise, -45 to 45, around the middle of the crop, which shrinks until it holds no empty corner. */
  straighten: numberOf(-MAX_STRAIGHTEN, MAX_STRAIGHTEN),
  /** How much of a step is applied: 0 to 1, all of it unless given. Without `sr` the picture is enlarged all the same, plainly. */
  repairStrength: numberOf(0, 1),
  colourStrength: numberOf(0, 1),
  srStrength: numberOf(0, 1),
  /** How much texture an enlargement draws beside what is likeliest: 0 to 1, none unless given, and none where `srStrength` is 0. */
  texture: numberOf(0, 1),
  /** `true` for new colours on a photo that has its own already, and on a toned print that would keep its tone. */
  recolour: readBy(parseTruth, 'true or false'),
  /** True colours at places, for `colour` to keep to: `x,y,#rrggbb;…`, x and y 0 to 1 of the picture once it is turned and cut. */
  colours: readBy(parseColours, `at most ${MOST_COLOURS} of x,y,#rrggbb with x and y as fractions of the picture`),
  scale: oneOf([1, 2, 4]),
  /** Pixels of the result's longer side. The picture is enlarged up to four times for it, and never reduced. */
  longEdge: numberOf(16, MAX_RESULT_SIDE, true),
  /** In place of `longEdge`, a paper in millimetres, `100x150`: the result fits it at 300 dpi and says so. */
  print: readBy(parsePrint, `two sides from ${PRINT_MM.least} to ${PRINT_MM.most} mm such as 100x150`),
  format: z.enum(OUTPUT_FORMATS, { error: `expected one of ${OUTPUT_FORMATS.join(', ')}` }).optional(),
  /** Of JPEG, WebP and AVIF, 1 to 100; 92 unless given. */
  quality: numberOf(1, 100, true),
  /** Background for `bg`, which needs it: `R,G,B`, 0 to 255 each. */
  rgb: readBy(parseRgb, 'R,G,B of 0 to 255 each'),
});
