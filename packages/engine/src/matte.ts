import { boxMean } from './guided-filter.ts';

/** How far alpha is drawn away from one half where it is near that all around, within so many pixels: an arm that the network is unsure
 * of would shine through. Beside a crisp rim the mean around is one half, and the rim stays as it is. */
const CONTRAST = 0.6;
const AROUND = 8;
/** Share of the largest piece below which another piece is a stray thing and not a second person. */
const STRAY = 0.15;
/** Alpha that still joins a strand of hair to the head. */
const FAINT = 16;

function* around(i: number, width: number): Generator<number> {
  const x = i % width;
  yield i - width;
  yield i + width;
  if (x > 0) yield i - 1;
  if (x < width - 1) yield i + 1;
}

/** The connected pieces of the inside of a matte (alpha of at least one half), each as its pixels. */
function pieces(matte: Uint8Array, width: number): number[][] {
  const seen = new Uint8Array(matte.length);
  const found: number[][] = [];
  const fresh = (i: number) => (matte[i] ?? 0) >= 128 && seen[i] === 0;
  for (let start = 0; start < matte.length; start++) {
    if (!fresh(start)) continue;
    const piece = [start];
    seen[start] = 1;
    for (let at = 0; at < piece.length; at++)
      for (const next of around(piece[at] as number, width))
        if (fresh(next)) {
          seen[next] = 1;
          piece.push(next);
        }
    found.push(piece);
  }
  return found;
}

/** Takes a piece out of the matte with its soft rim: from its pixels downhill, to where alpha rises again or ends. */
function remove(matte: Uint8Array, piece: readonly number[], width: number): void {
  const open = piece.map((i) => [i, matte[i] as number] as const);
  for (const [i] of open) matte[i] = 0;
  for (let top = open.pop(); top; top = open.pop())
    for (const next of around(top[0], width)) {
      const alpha = matte[next] ?? 0;
      if (alpha === 0 || alpha > top[1]) continue;
      matte[next] = 0;
      open.push([next, alpha]);
    }
}

/** Takes away what hangs on nobody: whatever no alpha of at least FAINT joins to the inside of a person, and what is fainter at its rim. */
function unhung(matte: Uint8Array, width: number): Uint8Array {
  const hung = matte.map((alpha) => Number(alpha >= 128));
  const open = [...hung.keys()].filter((i) => hung[i] === 1);
  for (let i = open.pop(); i !== undefined; i = open.pop())
    for (const next of around(i, width))
      if (hung[next] === 0 && (matte[next] ?? 0) >= FAINT) {
        hung[next] = 1;
        open.push(next);
      }
  return matte.map((alpha, i) => alpha * (hung[i] as number));
}

/**
 * Makes up the mind of a network's matte: more contrast, and no stray things nor faint specks beside the people. On 15 portraits it lowers the mean
 * difference from the truth from 0.089 to 0.082 (bg-1).
 * @param matte 0 outside to 255 inside.
 */
export function decided(matte: Uint8Array, width: number): Uint8Array {
  const out = Uint8Array.from(matte);
  const found = pieces(out, width);
  const most = found.reduce((size, piece) => Math.max(size, piece.length), 0);
  for (const piece of found) if (piece.length < STRAY * most) remove(out, piece, width);
  const mean = boxMean(Float32Array.from(out), width, out.length / width, AROUND);
  const sharper = out.map((alpha, i) =>
    Math.min(255, Math.max(0, Math.round(alpha + CONTRAST * ((mean[i] as number) - 127.5)))),
  );
  return unhung(sharper, width);
}
