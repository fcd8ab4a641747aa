import type { FileHandle } from 'node:fs/promises';
import { PhotoError } from './errors.ts';

/** Pages of a TIFF file at most. libtiff counts them whenever it opens one: 300,000 took it 12 s, and a file has room for a million. */
const MOST_PAGES = 2000;

/**
 * Walks through the list of a TIFF file's pages (TIFF 6.0, section 2; BigTIFF) without reading them. A list that the file's end cuts off
 * is for libtiff to judge.
 * @param head the first 16 bytes of the file.
 * @throws PhotoError `damaged` when there are too many, or when the list runs in a circle.
 */
export async function checkPages(file: FileHandle, head: Buffer): Promise<void> {
  const little = head.toString('latin1', 0, 2) === 'II';
  const big = head[little ? 2 : 3] === 43;
  const [wordBytes, countBytes, entryBytes] = big ? [8, 8, 20] : [4, 2, 12];
  const number = (bytes: Buffer) => {
    const high = bytes.length === 8 ? (little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(0)) * 2 ** 32 : 0;
    const at = little || bytes.length < 8 ? 0 : 4;
    const length = Math.min(4, bytes.length);
    return high + (little ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length));
  };
  const read = async (at: number, length: number) => {
    if (!Number.isSafeInteger(at)) return 0;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    return bytesRead === length ? number(buffer) : 0;
  };
  const first = big ? 8 : 4;
  let at = head.length < first + wordBytes ? 0 : number(head.subarray(first, first + wordBytes));
  for (let pages = 0; at > 0; pages += 1) {
    if (pages === MOST_PAGES)
      throw new PhotoError('damaged', `expected at most ${MOST_PAGES} pages for the TIFF file but received more`);
    const entries = await read(at, countBytes);
    at = await read(at + countBytes + entries * entryBytes, wordBytes);
  }
}
