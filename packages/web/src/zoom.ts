/** Where a picture lies in its stage: `x`, `y` of its left upper corner and its scale, in CSS pixels of the stage. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The largest scale, as a multiple of one picture pixel on one pixel of the screen. */
const MAX_ACTUAL = 8;

/** The scale at which the whole picture is seen; a small one is not blown up beyond one pixel on one of the screen. */
export const fitScale = (stage: Size, picture: Size, actual: number): number =>
  Math.min(stage.width / picture.width, stage.height / picture.height, actual);

function held(at: number, stage: number, picture: number): number {
  return picture <= stage ? (stage - picture) / 2 : Math.min(0, Math.max(stage - picture, at));
}

/** Keeps a picture in its stage: centred where it is smaller, without a gap at an edge where it is larger. */
export function settle(view: View, stage: Size, picture: Size): View {
  return {
    scale: view.scale,
    x: held(view.x, stage.width, picture.width * view.scale),
    y: held(view.y, stage.height, picture.height * view.scale),
  };
}

/**
 * Scales to `scale` while the spot of the picture under `point` stays where it is.
 * @param actual the scale that shows one picture pixel on one pixel of the screen (1 / devicePixelRatio).
 */
export function zoomTo(view: View, scale: number, point: Point, stage: Size, picture: Size, actual: number): View {
  const least = fitScale(stage, picture, actual);
  const next = Math.min(Math.max(scale, least), Math.max(least, actual * MAX_ACTUAL));
  const factor = next / view.scale;
  const x = point.x - (point.x - view.x) * factor;
  const y = point.y - (point.y - view.y) * factor;
  return settle({ scale: next, x, y }, stage, picture);
}

export const move = (view: View, dx: number, dy: number, stage: Size, picture: Size): View =>
  settle({ ...view, x: view.x + dx, y: view.y + dy }, stage, picture);

/** The whole picture, centred. */
export const fit = (stage: Size, picture: Size, actual: number): View =>
  settle({ scale: fitScale(stage, picture, actual), x: 0, y: 0 }, stage, picture);
