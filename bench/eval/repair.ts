import { basename } from 'node:path';
import { filled, median, nonLocalMeans, thinDamage } from './baselines.ts';
import { medianDeltaE } from './colour-metrics.ts';
import { gmsd, haarPsi, msSsim, psnrY, ssim } from './metrics.ts';
import { oldPhoto } from './old-photo.ts';
import { type Picture, readPicture } from './pixels.ts';
import { random } from './random.ts';
import { type Outcome, openRows, type Runner, type Summary, throughJpeg, timed } from './runner.ts';

const OPTIONS = { scale: 1 } as const;
/** What a photo that comes back untouched counts in the mean, in dB. */
const UNTOUCHED = 60;

/** Clean photos made old on purpose, through the classical chains and through `sr,repair` at their own size. */
export async function evaluateRepair(paths: readonly string[], ours: Runner): Promise<Summary> {
  const rows = openRows();
  for (const path of paths) {
    const name = basename(path);
    const { damaged: worn, target } = oldPhoto(await readPicture(path), `old ${name}`);
    const draw = random(`jpeg ${name}`);
    const damaged = draw.chance(0.6) ? await throughJpeg(worn, draw.whole(60, 92)) : worn;
    const score = (method: string, { picture, seconds }: Outcome) =>
      rows.note(method, {
        psnrY: psnrY(picture, target),
        ssim: ssim(picture, target),
        gmsd: gmsd(picture, target),
        haarPsi: haarPsi(picture, target),
        deltaE: medianDeltaE(picture, target),
        seconds,
      });
    const mended = (picture: Picture) => filled(picture, thinDamage(picture, 3, 45));
    score('left as it is', { picture: damaged, seconds: 0 });
    score('median 3 x 3', await timed(() => median(damaged)));
    score('top hat, filled', await timed(() => mended(damaged)));
    score('non-local means, h 5', await timed(() => nonLocalMeans(damaged, 5)));
    score('top hat, filled, non-local means', await timed(() => nonLocalMeans(mended(damaged), 5)));
    score('ours', await ours.enhance(damaged, 'sr,repair', OPTIONS));
  }
  return rows.summary();
}

/** Clean photos through `sr,repair` at their own size: they should come back as they were. */
export async function evaluateClean(paths: readonly string[], ours: Runner): Promise<Summary> {
  const rows = openRows();
  for (const path of paths) {
    const photo = await readPicture(path);
    const { picture, seconds } = await ours.enhance(photo, 'sr,repair', OPTIONS);
    rows.note('ours', { psnrY: Math.min(UNTOUCHED, psnrY(picture, photo)), msSsim: msSsim(picture, photo), seconds });
  }
  return rows.summary();
}
