import { blurredPlane, type Picture, type Plane, plane } from './pixels.ts';
import { type Random, random } from './random.ts';

/** A photo made old on purpose. Tone and grey stay in `target`; damage, grain and blur do not. */
export interface OldPhoto {
  readonly damaged: Picture;
  readonly target: Picture;
  /** 1 where a scratch, crack, fold, loss, speck or stain changed a pixel by more than 12. */
  readonly mask: Uint8Array;
}

/** Smooth noise with mean 0 and deviation 1. */
function cloud(draw: Random, width: number, height: number, sigma: number): Plane {
  const f = Math.max(1, Math.floor(sigma / 2));
  const [w, h] = [Math.ceil(width / f) + 3, Math.ceil(height / f) + 3];
  const small = blurredPlane(
    plane(w, h, () => draw.normal()),
    sigma / f,
  );
  const deviation = Math.sqrt(small.data.reduce((s, v) => s + v * v, 0) / small.data.length);
  return plane(width, height, (i) => {
    const [x, y] = [(i % width) / f, Math.floor(i / width) / f];
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const at = (dx: number, dy: number) => small.data[(y0 + dy) * w + x0 + dx]!;
    const [tx, ty] = [x - x0, y - y0];
    return ((at(0, 0) * (1 - tx) + at(1, 0) * tx) * (1 - ty) + (at(0, 1) * (1 - tx) + at(1, 1) * tx) * ty) / deviation;
  });
}

/** Raises coverage along a wandering line, antialiased by distance. */
function stroke(
  draw: Random,
  into: Plane,
  x: number,
  y: number,
  angle: number,
  length: number,
  width: number,
  wobble: number,
  opacity: number,
): void {
  const steps = Math.max(2, Math.round(length));
  for (let s = 0; s < steps; s++) {
    angle += draw.normal(wobble);
    x += Math.cos(angle);
    y += Math.sin(angle);
    const reach = Math.ceil(width / 2 + 1);
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
        if (px < 0 || py < 0 || px >= into.width || py >= into.height) continue;
        const cover = opacity * Math.min(1, Math.max(0, width / 2 + 0.5 - Math.hypot(px - x, py - y)));
        const at = py * into.width + px;
        if (cover > into.data[at]!) into.data[at] = cover;
      }
  }
}

type Ink = readonly [number, number, number];

const ink = (draw: Random, light: boolean): Ink => {
  const base = light ? draw.uniform(200, 255) : draw.uniform(0, 56);
  return [0, 1, 2].map(() => Math.min(255, Math.max(0, base + draw.normal(7)))) as unknown as Ink;
};

/** The damage of one kind: how much of which colour lies over each pixel. */
type Layer = (draw: Random, width: number, height: number, light: boolean) => Plane;

const empty = (width: number, height: number) => plane(width, height, () => 0);

const scratches: Layer = (draw, width, height) => {
  const into = empty(width, height);
  for (let n = draw.whole(1, 6); n > 0; n--) {
    const angle = draw.chance(0.5) ? Math.PI / 2 + draw.normal(0.14) : draw.uniform(0, Math.PI);
    const wobble = draw.uniform(0.002, 0.03);
    stroke(
      draw,
      into,
      draw.uniform(0, width),
      draw.uniform(-0.5 * height, 0.8 * height),
      angle,
      draw.logUniform(30, 1.2 * height),
      draw.logUniform(0.8, 5),
      wobble,
      draw.uniform(0.4, 1),
    );
  }
  return into;
};

const cracks: Layer = (draw, width, height) => {
  const into = empty(width, height);
  const tips = Array.from(
    { length: draw.whole(1, 3) },
    () => [draw.uniform(0, width), draw.uniform(0, height), draw.uniform(0, 6.3)] as const,
  );
  const size = draw.logUniform(0.8, 2.2);
  for (let n = 0; n < 24; n++) {
    const [x, y, angle] = tips.shift() ?? [draw.uniform(0, width), draw.uniform(0, height), draw.uniform(0, 6.3)];
    const length = draw.uniform(15, 80);
    stroke(draw, into, x, y, angle, length, size, 0.12, 1);
    for (let k = draw.whole(1, 2); k > 0; k--)
      tips.push([x + length * Math.cos(angle), y + length * Math.sin(angle), angle + draw.normal(0.8)]);
  }
  return into;
};

const fold: Layer = (draw, width, height) => {
  const upright = draw.chance(0.5);
  const [at, size] = [draw.uniform(0.15, 0.85) * (upright ? width : height), draw.uniform(1, 4)];
  const [bend, flakes] = [cloud(draw, width, height, 12), cloud(draw, width, height, 5)];
  return plane(width, height, (i) => {
    const d = Math.abs((upright ? i % width : Math.floor(i / width)) - at + bend.data[i]! * 1.5);
    return Math.min(1, Math.max(0, size - d)) * Math.min(1, Math.max(0, 0.6 + 0.5 * flakes.data[i]!));
  });
};

const losses: Layer = (draw, width, height) => {
  const [coarse, fine] = [cloud(draw, width, height, draw.uniform(5, 12)), cloud(draw, width, height, 1.5)];
  const field = coarse.data.map((v, i) => v + 0.25 * fine.data[i]!);
  const level = [...field].sort((a, b) => a - b)[Math.floor(field.length * (1 - draw.uniform(0.003, 0.02)))]!;
  return plane(width, height, (i) => Math.min(1, Math.max(0, 6 * (field[i]! - level))));
};

const dust: Layer = (draw, width, height) => {
  const into = empty(width, height);
  for (let n = draw.whole(20, 160); n > 0; n--) {
    const size = Math.min(8, 0.8 * draw.uniform(0.02, 1) ** -0.7);
    stroke(
      draw,
      into,
      draw.uniform(0, width),
      draw.uniform(0, height),
      draw.uniform(0, 6.3),
      size * draw.uniform(1, 2),
      size,
      0.5,
      draw.uniform(0.4, 1),
    );
  }
  for (let n = draw.whole(0, 6); n > 0; n--)
    stroke(
      draw,
      into,
      draw.uniform(0, width),
      draw.uniform(0, height),
      draw.uniform(0, 6.3),
      draw.uniform(15, 90),
      draw.uniform(0.7, 1.4),
      0.08,
      draw.uniform(0.4, 1),
    );
  return into;
};

/** Kind, its chance, and how often it is light rather than dark. */
const KINDS: readonly (readonly [Layer, number, number])[] = [
  [cracks, 0.35, 0.8],
  [fold, 0.3, 0.8],
  [losses, 0.25, 0.8],
  [scratches, 0.8, 0.65],
  [dust, 0.8, 0.7],
];

const mixed = (picture: Picture, value: (i: number, c: number, before: number) => number): Picture => ({
  ...picture,
  data: picture.data.map((v, at) => Math.round(Math.min(255, Math.max(0, value(Math.floor(at / 3), at % 3, v))))),
});

/** Black and white for half of them, half of those sepia. */
function toned(draw: Random, photo: Picture): Picture {
  if (!draw.chance(0.5)) return photo;
  const [r, g, sepia] = [
    draw.uniform(0.15, 0.35),
    draw.uniform(0.45, 0.6),
    draw.chance(0.5) ? draw.uniform(0.1, 0.4) : 0,
  ];
  const tint = [1, 1 - 0.05 * sepia, 1 - 0.25 * sepia];
  const power = [1 - 0.35 * sepia, 1, 1 + 0.9 * sepia];
  const { data } = photo;
  return mixed(photo, (i, c) => {
    const grey = r * data[3 * i]! + g * data[3 * i + 1]! + (1 - r - g) * data[3 * i + 2]!;
    return 255 * tint[c]! * (grey / 255) ** power[c]!;
  });
}

/** Grain, strongest in the middle tones. */
function grained(draw: Random, photo: Picture): Picture {
  const [sigma, amount] = [draw.uniform(0.4, 1.2), draw.logUniform(0.01, 0.05)];
  const noise = cloud(draw, photo.width, photo.height, sigma);
  return mixed(
    photo,
    (i, _, v) => v + 510 * amount * noise.data[i]! * Math.sqrt(Math.max(0.02, (v / 255) * (1 - v / 255))),
  );
}

/**
 * Makes a clean photo old. Written apart from the training's synthesiser: strokes, clouds and numbers are its own, so that the figures do
 * not only say how well a network knows its teacher.
 */
export function oldPhoto(photo: Picture, seed: string): OldPhoto {
  const draw = random(seed);
  const { width, height } = photo;
  const target = toned(draw, photo);
  let worn = target;
  if (draw.chance(0.5)) {
    const sigma = draw.uniform(0.3, 1);
    const channels = [0, 1, 2].map((c) =>
      blurredPlane(
        plane(width, height, (i) => target.data[3 * i + c]!),
        sigma,
      ),
    );
    worn = mixed(worn, (i, c) => channels[c]!.data[i]!);
  }
  if (draw.chance(0.6)) worn = grained(draw, worn);
  const before = worn;
  for (const [kind, chance, light] of KINDS) {
    if (!draw.chance(chance)) continue;
    const cover = kind(draw, width, height, draw.chance(light)).data;
    const colour = ink(draw, draw.chance(light));
    worn = mixed(worn, (i, c, v) => v + cover[i]! * (colour[c]! - v));
  }
  const mask = new Uint8Array(width * height);
  for (let at = 0; at < worn.data.length; at++)
    if (Math.abs(worn.data[at]! - before.data[at]!) > 12) mask[Math.floor(at / 3)] = 1;
  return { damaged: worn, target, mask };
}
