/** Colours that people often know of an old photo, as they look in ordinary light: `colours.swatches.KEY` is how they are called. */
export const SWATCHES = {
  fairSkin: '#d8a488',
  darkSkin: '#8a573c',
  sky: '#7fa9d6',
  foliage: '#5d7f3f',
  wood: '#8b6440',
  brick: '#a5483a',
  sand: '#d3bd8c',
  grey: '#808080',
} as const;

export type Swatch = keyof typeof SWATCHES;

export const swatchOf = (colour: string | undefined): Swatch | undefined =>
  (Object.keys(SWATCHES) as Swatch[]).find((key) => SWATCHES[key] === colour);
