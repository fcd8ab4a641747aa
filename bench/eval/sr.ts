import { basename } from 'node:path';
import { sharpened } from './baselines.ts';
import { detailGap, gmsd, haarPsi, psnrY, ssim } from './metrics.ts';
import { blurredPlane, enlarged, gaussian, type Picture, plane, readPicture, resampled } from './pixels.ts';
import { random } from './random.ts';
import { type Outcome, openRows, type Runner, type Summary, throughJpeg, timed } from './runner.ts';

/** Shrinks by `scale` after light to medium blur, then adds noise and JPEG; the name decides how much. */
async function spoiltAndShrunk(photo: Picture, scale: number, name: string): Promise<Picture> {
  const draw = random(`sr ${scale} ${name}`);
  const { width, height } = photo;
  const sigma = draw.uniform(0.3, 1) * scale * 0.8;
  const channels = [0, 1, 2].map(
    (c) =>
      blurredPlane(
        plane(width, height, (i) => photo.data[3 * i + c]!),
        sigma,
      ).data,
  );
  const soft = { width, height, data: photo.data.map((_, at) => Math.round(channels[at % 3]![Math.floor(at / 3)]!)) };
  const small = await resampled(soft, width / scale, height / scale, 'cubic');
  const noise = draw.chance(0.6) ? 255 * draw.logUniform(0.004, 0.04) : 0;
  const noisy = {
    ...small,
    data: small.data.map((v) => Math.round(Math.min(255, Math.max(0, v + draw.normal(noise))))),
  };
  return draw.chance(0.75) ? throughJpeg(noisy, draw.whole(45, 95)) : noisy;
}

/** Enlargement by 2 and 4 of clean and of spoilt photos. Rows by `x2 clean`, `x2 blind`, `x4 clean`, `x4 blind`. */
export async function evaluateSr(
  paths: readonly string[],
  ours: Runner,
  reference?: Runner,
): Promise<Record<string, Summary>> {
  const result: Record<string, Summary> = {};
  for (const scale of [2, 4] as const)
    for (const kind of ['clean', 'blind'] as const) {
      const rows = openRows();
      for (const path of paths) {
        const truth = await readPicture(path);
        const { width, height } = truth;
        const small =
          kind === 'clean'
            ? await resampled(truth, width / scale, height / scale, 'cubic')
            : await spoiltAndShrunk(truth, scale, basename(path));
        const score = (method: string, { picture, seconds }: Outcome) =>
          rows.note(method, {
            psnrY: psnrY(picture, truth, scale),
            ssim: ssim(picture, truth, scale),
            gmsd: gmsd(picture, truth, scale),
            haarPsi: haarPsi(picture, truth, scale),
            detailGap: detailGap(picture, truth, scale),
            seconds,
          });
        const lanczos = await timed(() => enlarged(small, scale, 'Lanczos3'));
        score('bicubic', await timed(() => enlarged(small, scale, 'bicubic')));
        score('Lanczos3', lanczos);
        const crisp = await timed(() => sharpened(lanczos.picture, gaussian(1), 0.6));
        score('Lanczos3 and unsharp mask', { ...crisp, seconds: crisp.seconds + lanczos.seconds });
        if (reference && scale === 4) score('realesr-general-x4v3', await reference.enhance(small, 'sr', { scale }));
        score('ours', await ours.enhance(small, 'sr', { scale }));
        for (const texture of [0.5, 1])
          score(`ours, texture ${texture}`, await ours.enhance(small, 'sr', { scale, texture }));
      }
      result[`x${scale} ${kind}`] = rows.summary();
    }
  return result;
}
