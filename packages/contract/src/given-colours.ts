/** Colours that are given for a photo at most. */
export const MOST_COLOURS = 24;

/** The true colour, `#rrggbb`, of what is seen at a place: shares of the picture's width and height once it is turned and cut. */
export interface GivenColour {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}

const SHARE = /^\s*(\d*\.)?\d+(e-?\d+)?\s*$/i;
const HEX = /^\s*#[0-9a-f]{6}\s*$/i;

/**
 * Reads colours that are given at places, `x,y,#rrggbb` each, with `;` or `,` between them.
 * @returns undefined when malformed, when a place lies outside the picture, or when there are more than MOST_COLOURS.
 * @example parseColours('0.31,0.42,#7A5230') // [{ x: 0.31, y: 0.42, colour: '#7a5230' }]
 */
export function parseColours(text: string): readonly GivenColour[] | undefined {
  if (!text.trim()) return [];
  const parts = text.split(/[;,]/);
  if (parts.length % 3 !== 0 || parts.length > 3 * MOST_COLOURS) return undefined;
  const colours: GivenColour[] = [];
  for (let at = 0; at < parts.length; at += 3) {
    const [x = '', y = '', colour = ''] = parts.slice(at, at + 3);
    if (![x, y].every((share) => SHARE.test(share) && Number(share) <= 1) || !HEX.test(colour)) return undefined;
    colours.push({ x: Number(x), y: Number(y), colour: colour.trim().toLowerCase() });
  }
  return colours;
}

/** The text that `parseColours` reads. */
export const coloursText = (colours: readonly GivenColour[]): string =>
  colours.map(({ x, y, colour }) => `${x},${y},${colour}`).join(';');
