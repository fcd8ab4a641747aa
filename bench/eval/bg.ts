import { separate } from '../../packages/engine/src/foreground.ts';
import { matteByColour } from './baselines.ts';
import { ciede2000, lab } from './colour-metrics.ts';
import { mad } from './metrics.ts';
import { type Picture, readPicture, resampled } from './pixels.ts';
import { openRows, type Runner, type Summary } from './runner.ts';

/** Alpha of the engine's answer, from its composites on white and on black. */
async function matteOf(photo: Picture, ours: Runner) {
  const white = await ours.enhance(photo, 'bg', { rgb: [255, 255, 255] });
  const black = await ours.enhance(photo, 'bg', { rgb: [0, 0, 0] });
  const [w, b] = [white.picture.data, black.picture.data];
  const alpha = new Float64Array(photo.width * photo.height);
  for (let i = 0; i < alpha.length; i++) alpha[i] = 1 - (w[3 * i + 1]! - b[3 * i + 1]!) / 255;
  return { alpha, white: white.picture, seconds: white.seconds };
}

/** Mean difference where the truth is soft, between 0.05 and 0.95. */
function bandMad(alpha: Float64Array, truth: Float64Array): number {
  const band = [...truth.keys()].filter((i) => truth[i]! > 0.05 && truth[i]! < 0.95);
  return band.reduce((sum, i) => sum + Math.abs(alpha[i]! - truth[i]!), 0) / Math.max(1, band.length);
}

/**
 * Mean CIEDE2000 at the rim of the person before white, against the colours that the true alpha separates from the old background:
 * the photo's own colours there hold its tinge, which nobody wants to keep.
 */
function rimError(white: Picture, photo: Picture, truth: Float64Array): number {
  const { width, height } = photo;
  const { front } = separate(Uint8Array.from(photo.data), Float32Array.from(truth), width, height);
  const rim = [...truth.keys()].filter((i) => truth[i]! > 0.05 && truth[i]! < 0.95);
  const colour = (value: (c: number) => number) => lab(value(0), value(1), value(2));
  const errors = rim.map((i) =>
    ciede2000(
      colour((c) => white.data[3 * i + c]!),
      colour((c) => Math.round(truth[i]! * front[3 * i + c]! + (1 - truth[i]!) * 255)),
    ),
  );
  return errors.reduce((sum, error) => sum + error, 0) / Math.max(1, rim.length);
}

/** Real portraits with alpha: `NAME.jpg` and `NAME.alpha.png`, at 1024 px on the longer side at most. */
export async function evaluateBg(paths: readonly string[], ours: Runner): Promise<Summary> {
  const rows = openRows();
  for (const path of paths.filter((p) => p.endsWith('.jpg'))) {
    const whole = await readPicture(path);
    const factor = Math.min(1, 1024 / Math.max(whole.width, whole.height));
    const [w, h] = [Math.round(whole.width * factor), Math.round(whole.height * factor)];
    const photo = await resampled(whole, w, h, 'lanczos3');
    const mask = await resampled(await readPicture(path.replace('.jpg', '.alpha.png')), w, h, 'linear');
    const truth = Float64Array.from({ length: w * h }, (_, i) => mask.data[3 * i]! / 255);
    const started = process.cpuUsage();
    const plain = matteByColour(photo);
    const { user } = process.cpuUsage(started);
    rows.note('colour model', {
      mad: mad(plain, truth),
      bandMad: bandMad(plain, truth),
      seconds: user / 1e6,
    });
    const { alpha, white, seconds } = await matteOf(photo, ours);
    rows.note('ours', {
      mad: mad(alpha, truth),
      bandMad: bandMad(alpha, truth),
      rim: rimError(white, photo, truth),
      seconds,
    });
  }
  return rows.summary();
}
