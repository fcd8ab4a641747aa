type Point = readonly [number, number];

/** A rectangle that may lie aslant. */
export interface Box {
  /** Its middle, in pixels from the picture's corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise of its upper side, above -45 up to 45. */
  readonly angle: number;
}

const cross = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/** Corners of the convex hull, in order (Andrew's monotone chain, 1979). */
function hullOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (some: readonly Point[]) => {
    const kept: Point[] = [];
    for (const point of some) {
      while (kept.length > 1 && cross(kept.at(-2) as Point, kept.at(-1) as Point, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

/** Reaches of points along a direction: from, to. */
function reach(points: readonly Point[], [dx, dy]: Point): readonly [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [x, y] of points) {
    const at = x * dx + y * dy;
    from = Math.min(from, at);
    to = Math.max(to, at);
  }
  return [from, to];
}

/** Degrees between two directions that are tried, and how far either way: a side of a print has at most so much of a bend. */
const FINE = 0.05;

/**
 * The smallest rectangle around pixels, given by their columns and rows. One of its sides lies on a side of the hull (Freeman and Shapira,
 * 1975); a hull of pixels has steps, so directions beside that one are tried too.
 */
export function leastBox(pixels: readonly Point[]): Box {
  // Only the ends of a row can be corners of the hull. A pixel has four corners, so that a single one has an area.
  const rows = new Map<number, [number, number]>();
  for (const [x, y] of pixels) {
    const row = rows.get(y) ?? [x, x];
    rows.set(y, [Math.min(row[0], x), Math.max(row[1], x)]);
  }
  const hull = hullOf(
    [...rows].flatMap(([y, [from, to]]): Point[] => [
      [from, y],
      [to + 1, y],
      [from, y + 1],
      [to + 1, y + 1],
    ]),
  );
  const boxAt = (angle: number): Box => {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const [left, right] = reach(hull, [cos, sin]);
    const [top, bottom] = reach(hull, [-sin, cos]);
    const [u, v] = [(left + right) / 2, (top + bottom) / 2];
    return {
      ...{ x: u * cos - v * sin, y: u * sin + v * cos },
      ...{ width: right - left, height: bottom - top, angle },
    };
  };
  const smaller = (a: Box, b: Box) => (b.width * b.height < a.width * a.height ? b : a);
  const upright = (angle: number) => ((((angle + 45) % 90) + 90) % 90) - 45;
  let best = boxAt(0);
  hull.forEach(([x, y], i) => {
    const [nextX, nextY] = hull[(i + 1) % hull.length] as Point;
    best = smaller(best, boxAt(upright((Math.atan2(nextY - y, nextX - x) * 180) / Math.PI)));
  });
  const around = best.angle;
  for (let by = -1; by <= 1; by += FINE) best = smaller(best, boxAt(upright(around + by)));
  return best;
}
