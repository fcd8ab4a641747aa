import { faces } from './faces.ts';
import { type Landmarks, landmarks } from './landmarks.ts';
import type { Raster } from './raster.ts';
import type { Network } from './sessions.ts';

/** One thing that an ID photo is looked at for, and what was found. */
export interface Check {
  /**
   * - `one-face`: faces in the photo, those in the distance aside; it passes at 1.
   * - `level`: degrees clockwise by which the line between the eyes is tilted.
   * - `frontal`: how far the tip of the nose is from the middle between the eyes, along their line, in distances of the eyes; above 0
   *   towards the picture's right.
   * - `resolution`: pixels between the eyes.
   */
  readonly name: 'one-face' | 'level' | 'frontal' | 'resolution';
  readonly verdict: 'pass' | 'warn';
  readonly value: number;
}

/** Height from which on a further face counts, as a share of the largest: smaller are passers-by, or a hand or a tattoo that looks like one. */
const BESIDE = 1 / 2;
/** Degrees of tilt: below the 8 that ISO/IEC 19794-5:2011, 7.2.2, is quoted with by what a reading may err; straight headshots read 3.2 at most. */
const TILT = 5;
/** Offset of a nose: 0.05 at most on those headshots; what is above 0.12 looks aside to the eye. */
const TURN = 0.12;
/** Pixels between the eyes: a limit of our own. */
const EYES = 60;

const round = (value: number, to: number) => Math.round(value * to) / to;

/** The checks of the face that the points are of. */
function checksOf([right, left, nose]: Landmarks): Check[] {
  const [dx, dy] = [left[0] - right[0], left[1] - right[1]];
  // Never 0: a network may see both eyes at one place.
  const distance = Math.max(1, Math.hypot(dx, dy));
  const tilt = round((Math.atan2(dy, dx) * 180) / Math.PI, 10);
  const [nx, ny] = [nose[0] - (right[0] + left[0]) / 2, nose[1] - (right[1] + left[1]) / 2];
  const turn = round((nx * dx + ny * dy) / distance ** 2, 100);
  const eyes = Math.round(distance);
  const verdict = (isRight: boolean) => (isRight ? 'pass' : 'warn');
  return [
    { name: 'level', verdict: verdict(Math.abs(tilt) <= TILT), value: tilt },
    { name: 'frontal', verdict: verdict(Math.abs(turn) <= TURN), value: turn },
    { name: 'resolution', verdict: verdict(eyes >= EYES), value: eyes },
  ];
}

/**
 * Looks whether a photo would do as an ID photo. The largest face is the person.
 * @param photo with its old background, turned and cut as its result.
 * @returns how many faces there are, and, where there is one, how it is held.
 * @throws PhotoError `no_model` when the network does not find faces.
 */
export async function idChecks(network: Network, photo: Raster): Promise<readonly Check[]> {
  const found = await faces(network, photo);
  const [person] = found;
  const count = found.filter(({ height }) => person && height >= BESIDE * person.height).length;
  const one: Check = { name: 'one-face', verdict: count === 1 ? 'pass' : 'warn', value: count };
  return person ? [one, ...checksOf(await landmarks(network, photo, person))] : [one];
}
