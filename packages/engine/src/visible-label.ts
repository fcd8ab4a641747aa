import { drawn } from './codec.ts';
import type { Raster } from './raster.ts';

const E = 'M8 62H54C54 46 46 36 32 36C18 36 8 46 8 63C8 80 18 90 33 90C42 90 48 87 53 80';
const D = 'M56 6V90M56 63C56 46 46 36 33 36C18 36 8 46 8 63C8 80 18 90 33 90C46 90 56 80 56 63';
/**
 * The label's words, "AI 合成 · edited" (合成: made by synthesis, as GB 45438-2025 words it, in Chinese and in Japanese), as the middle
 * lines of strokes. Drawn by hand for this file, so that no machine needs a font, and no font's licence is asked. Each glyph has its
 * width and a path in a box of 100 units, in which capitals reach from 10 to 90.
 */
const GLYPHS: readonly (readonly [width: number, path: string])[] = [
  [80, 'M8 90L38 10H42L72 90M19 64H61'],
  [30, 'M15 10V90'],
  [26, ''],
  [100, 'M50 6C41 24 26 38 7 48M50 6C59 24 74 38 93 48M32 46H68M25 64H75V92H25ZM25 64V97M75 64V97'],
  [
    108,
    'M18 28H92M18 28V54C18 72 15 84 7 95M20 50H45C45 66 44 75 42 80C40 84 36 84 29 81M56 6C57 38 66 74 82 90C88 95 91 90 93 75M82 44C74 66 60 82 42 93M69 9C75 13 79 16 83 21',
  ],
  [24, ''],
  [20, 'M10 56V56.1'],
  [24, ''],
  [62, E],
  [66, D],
  [26, 'M13 38V90M13 16V16.1'],
  [44, 'M18 18V76C18 86 24 90 36 88M6 38H36'],
  [62, E],
  [64, D],
];
/** Units of the pen, of the dark rim on each side of it, and of the empty edge around the words. */
const PEN = 9;
const RIM = 6;
const EDGE = PEN / 2 + RIM + 2;
/** Units that a capital is high, its pen included. */
const CAPITAL = 80 + PEN;
const WIDTH = GLYPHS.reduce((sum, [width]) => sum + width, 0) + 2 * EDGE;
const HEIGHT = 100 + 2 * EDGE;

/** Height of the capitals as a share of the picture's shorter side: 5 % is what the standard asks for. */
const SHARE = 0.05;
/** Pixels below which nobody reads the words; in a picture too small for them they are as wide as it is. */
const LEGIBLE = 14;

/** The words at `scale` pixels a unit: white, with a dark rim that parts them from what is light. */
function svg(scale: number): string {
  let x = EDGE;
  const strokes = GLYPHS.map(([width, path]) => {
    const glyph = path && `<path transform="translate(${x} ${EDGE})" d="${path}"/>`;
    x += width;
    return glyph;
  }).join('');
  const pen = (colour: string, opacity: number, width: number) =>
    `<g fill="none" stroke="${colour}" opacity="${opacity}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round">${strokes}</g>`;
  const [width, height] = [Math.ceil(WIDTH * scale), Math.ceil(HEIGHT * scale)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width / scale} ${height / scale}">${pen('#000', 0.6, PEN + 2 * RIM)}${pen('#fff', 1, PEN)}</svg>`;
}

/** Lays a drawing over a picture; where the picture is transparent, the drawing is not. */
function over(photo: Raster, top: Raster, left: number, upper: number): Raster {
  const data = Uint8Array.from(photo.data);
  const alpha = photo.alpha && Uint8Array.from(photo.alpha);
  for (let y = Math.max(0, -upper); y < top.height && upper + y < photo.height; y++)
    for (let x = Math.max(0, -left); x < top.width && left + x < photo.width; x++) {
      const a = (top.alpha?.[y * top.width + x] ?? 255) / 255;
      if (a === 0) continue;
      const at = (upper + y) * photo.width + left + x;
      const beneath = (1 - a) * ((photo.alpha?.[at] ?? 255) / 255);
      for (let c = 0; c < 3; c++) {
        const own = top.data[3 * (y * top.width + x) + c] as number;
        data[3 * at + c] = Math.round((a * own + beneath * (photo.data[3 * at + c] as number)) / (a + beneath));
      }
      if (alpha) alpha[at] = Math.round(255 * (a + beneath));
    }
  return { ...photo, data, ...(alpha && { alpha }) };
}

/**
 * Writes "AI 合成 · edited" into the lower right corner of a picture, its capitals 5 % of the shorter side high, and 14 px at least where
 * they fit. All other pixels stay as they are.
 */
export async function withVisibleLabel(photo: Raster): Promise<Raster> {
  const short = Math.min(photo.width, photo.height);
  const fits = Math.min(photo.width / WIDTH, photo.height / HEIGHT);
  const scale = Math.max((SHARE * short) / CAPITAL, Math.min(LEGIBLE / CAPITAL, fits));
  const words = await drawn(svg(scale));
  const margin = Math.round(0.01 * short);
  return over(
    photo,
    words,
    Math.max(0, photo.width - words.width - margin),
    Math.max(0, photo.height - words.height - margin),
  );
}
