/** TIFF tags of an uncompressed RGB picture in one strip, with an ICC profile. */
const ENTRIES = 14;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;

/**
 * Wraps RGB bytes and a profile as a TIFF file in memory: the way to give a codec pixels that are in a profile already.
 * @param data 3 * width * height bytes.
 * @param density pixels per inch.
 */
export function tiffOf(width: number, height: number, data: Uint8Array, icc: Uint8Array, density: number): Buffer {
  const head = 8 + 2 + 12 * ENTRIES + 4;
  const [bitsAt, densityAt, iccAt] = [head, head + 6, head + 14];
  const pixelsAt = iccAt + icc.length + (icc.length % 2);
  const file = Buffer.alloc(pixelsAt + data.length);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(ENTRIES, 8);
  const entries: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 3, bitsAt],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, 2],
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, 3],
    [278, LONG, 1, height],
    [279, LONG, 1, data.length],
    [282, RATIONAL, 1, densityAt],
    [283, RATIONAL, 1, densityAt],
    [284, SHORT, 1, 1],
    [296, SHORT, 1, 2],
    [34675, UNDEFINED, icc.length, iccAt],
  ];
  entries.forEach(([tag, type, count, value], i) => {
    const at = 10 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  for (const at of [0, 2, 4]) file.writeUInt16LE(8, bitsAt + at);
  file.writeUInt32LE(Math.round(1000 * density), densityAt);
  file.writeUInt32LE(1000, densityAt + 4);
  file.set(icc, iccAt);
  file.set(data, pixelsAt);
  return file;
}
