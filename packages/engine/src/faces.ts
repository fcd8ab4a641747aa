import { resize } from './codec.ts';
import { PhotoError } from './errors.ts';
import type { Raster } from './raster.ts';
import type { Network } from './sessions.ts';
import { runWhole, thumbnailSize } from './tiles.ts';

/** Where a face is, as shares of the picture's width and height, 0 to 1. */
export interface Face {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** How sure the network is, 0 to 1. */
  readonly score: number;
  /** x and y of the person's right eye, left eye, tip of the nose, right and left corner of the mouth. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Long sides in pixels at which a picture is looked at by a network without a size of its own: ours knows faces of 12 to 200 px. */
const LOOKS = [640, 256];
/** Score from which on something is a face. */
const SURE = 0.5;
/** Faces of one photo at most. */
const MOST = 24;
/** IoU of two boxes from which on they are one face: two looks see the same one, and cheeks that touch overlap less. */
const SAME = 0.4;
/** Share of a box that a larger one covers from which on it is a part of that face: in a close-up an eye and its cheek look like one. */
const PART = 0.6;
/** Difference of scores from which on it is the larger box that is wrong: between two looks the smaller one often is the surer by a hair. */
const CLEARLY = 0.15;
/** Values of a cell: a score; the box's middle from that of the cell, its width and height; five points from the middle of the cell. */
export const VALUES = 15;

const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;

/** The face that a cell sees, cut where it reaches out of the picture. @param at what the cell says. @param x,y middle of the cell in pixels. */
function faceOf(at: Float32Array, x: number, y: number, [width, height]: readonly [number, number]): Face {
  const [score, dx, dy, w, h] = at as unknown as [number, number, number, number, number];
  const [left, right] = [share((x + dx - w / 2) / width), share((x + dx + w / 2) / width)];
  const [top, bottom] = [share((y + dy - h / 2) / height), share((y + dy + h / 2) / height)];
  const points = [5, 7, 9, 11, 13].map(
    (i) => [share((x + (at[i] as number)) / width), share((y + (at[i + 1] as number)) / height)] as const,
  );
  return { left, top, width: share(right - left), height: share(bottom - top), score: share(score), points };
}

/** What one look at a thumbnail with this longer side sees. */
async function look(network: Network, photo: Raster, long: number): Promise<Face[]> {
  const size = thumbnailSize(network, photo, long);
  const cells = (await runWhole(network, await resize(photo, ...size))) as Float32Array;
  const side = network.card.outputStride;
  const across = size[0] / side;
  const seen: Face[] = [];
  for (let i = 0; i < cells.length / VALUES; i++) {
    if ((cells[VALUES * i] as number) < SURE) continue;
    const [x, y] = [((i % across) + 0.5) * side, (Math.floor(i / across) + 0.5) * side];
    seen.push(faceOf(cells.subarray(VALUES * i, VALUES * (i + 1)), x, y, size));
  }
  return seen;
}

const area = ({ width, height }: Face) => width * height;

/** Whether a face, of which the network is less sure, is another once more, a part of it, or a box around it. */
function isAgain(face: Face, other: Face): boolean {
  const across = Math.min(face.left + face.width, other.left + other.width) - Math.max(face.left, other.left);
  const down = Math.min(face.top + face.height, other.top + other.height) - Math.max(face.top, other.top);
  const both = Math.max(0, across) * Math.max(0, down);
  if (both >= SAME * (area(face) + area(other) - both)) return true;
  const isSmaller = area(face) < area(other);
  return both >= PART * Math.min(area(face), area(other)) && (isSmaller || face.score < other.score - CLEARLY);
}

/**
 * Finds the faces of a picture on its thumbnails, by non-maximum suppression of what its cells see. It says where faces are and not whose: nothing is compared.
 * @param network gives 15 float32 values for each cell of `card.outputStride` pixels a side, distances in pixels of the thumbnail.
 * @returns the largest first, 24 at most.
 * @throws PhotoError `no_model` when the network gives another number of values.
 */
export async function faces(network: Network, photo: Raster): Promise<readonly Face[]> {
  const { id, output, size } = network.card;
  if (output.channels !== VALUES)
    throw new PhotoError('no_model', `expected ${VALUES} channels from ${id} but received ${output.channels}`);
  const seen: Face[] = [];
  for (const long of size ? [size] : LOOKS) seen.push(...(await look(network, photo, long)));
  const found: Face[] = [];
  for (const face of seen.filter((one) => area(one) > 0).sort((a, b) => b.score - a.score))
    if (!found.some((other) => isAgain(face, other))) found.push(face);
  return found.sort((a, b) => area(b) - area(a)).slice(0, MOST);
}
