import { type GivenColour, MOST_COLOURS, parseColours, parseRecipe, parseRgb, type RecipeName } from '@hili/contract';
import type { OutputFormat } from '@hili/engine';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** What the caller wants done with each photo. */
export interface Wish {
  readonly recipe: RecipeName;
  readonly scale?: 1 | 2 | 4;
  readonly longEdge?: number;
  readonly texture?: number;
  readonly format?: OutputFormat;
  readonly quality?: number;
  readonly rgb?: readonly [number, number, number];
  readonly keepGps?: boolean;
  readonly recolour?: boolean;
  readonly colours?: readonly GivenColour[];
}

/** A reader of whole numbers for commander. */
export function whole(low: number, high: number) {
  return (text: string) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
  };
}

/** A reader of shares for commander. */
function share(text: string) {
  const value = Number(text);
  if (text.trim() && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 1.');
}

function recipe(text: string): RecipeName {
  const found = parseRecipe(text);
  if (found) return found;
  throw new InvalidArgumentError('Expected sr; sr,repair; sr,repair,colour; or bg.');
}

function rgb(text: string) {
  const found = parseRgb(text);
  if (found) return found;
  throw new InvalidArgumentError('Expected three numbers from 0 to 255, such as 255,255,255.');
}

function colourAt(text: string, before: readonly GivenColour[] = []): readonly GivenColour[] {
  const [found, more] = parseColours(text) ?? [];
  if (!found || more)
    throw new InvalidArgumentError('Expected x,y,#rrggbb, x and y from 0 to 1, such as 0.31,0.42,#7a5230.');
  if (before.length === MOST_COLOURS) throw new InvalidArgumentError(`Expected ${MOST_COLOURS} colours at most.`);
  return [...before, found];
}

/** Adds the options that describe a wish. */
export function withWish(command: Command): Command {
  return command
    .option(
      '--recipe <recipe>',
      'sr: enlarge; sr,repair: mend scratches, fading and noise as well; sr,repair,colour: also colour a grey photo; bg: replace the background of an ID photo',
      recipe,
      'sr,repair',
    )
    .addOption(new Option('--scale <times>', 'enlarge 1, 2 or 4 times (default: 2)').choices(['1', '2', '4']))
    .option('--long-edge <pixels>', 'longer side of the result at most, 16 to 6000', whole(16, 6000))
    .option(
      '--texture <0-1>',
      'how much natural texture enlarging draws where detail is lost, for twice the time; no shapes are drawn (default: 0)',
      share,
    )
    .addOption(
      new Option('--format <format>', "format of the result (default: the photo's own, or what OUT is called)").choices(
        ['jpeg', 'png', 'webp', 'avif', 'tiff'],
      ),
    )
    .option('--quality <1-100>', 'quality of JPEG, WebP and AVIF (default: 92)', whole(1, 100))
    .option('--rgb <r,g,b>', 'background for the recipe bg (default: 255,255,255, white)', rgb)
    .option(
      '--recolour',
      'with sr,repair,colour: new colours for a toned print, and for a photo that has some, as well',
    )
    .option(
      '--colour-at <x,y,#rrggbb>',
      'with sr,repair,colour: the true colour of what is seen there, x and y from 0 (left, top) to 1; may be given 24 times',
      colourAt,
    )
    .option('--keep-gps', 'keep the place where the photo was taken in its metadata');
}

/** The wish among the options that commander has read. */
export function wishOf(options: Readonly<Record<string, unknown>>): Wish {
  const { scale, colourAt: colours } = options;
  const { recipe, longEdge, texture, format, quality, rgb, keepGps, recolour } = options;
  const size = { scale: scale && Number(scale), longEdge, texture };
  const given = { recipe, ...size, format, quality, rgb, keepGps, recolour, colours };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as Wish;
}
