import type { JobView, PhotoView } from '@hili/contract';
import { TILE } from '@hili/engine';
import type { AppDeps } from './deps.ts';
import { position } from './jobs.ts';
import { extensionOf, photoPath } from './links.ts';
import type { Photo } from './tables.ts';
import { levelsOf, TILED_SIDE } from './tiles.ts';

type ViewDeps = Pick<AppDeps, 'db' | 'keys' | 'config'>;

function resultView(deps: ViewDeps, photo: Photo): JobView['result'] {
  const { result, report } = photo.job;
  if (!result || !report) return null;
  const { format, width, height, bytes } = result;
  const name = `${photo.id}.${extensionOf(format)}`;
  return {
    url: photoPath(deps, photo, 'result', name),
    downloadUrl: photoPath(deps, photo, 'result', name, 'attachment'),
    beforeUrl: photo.job.beforeKey ? photoPath(deps, photo, 'before', `${photo.id}.jpg`) : null,
    tiles:
      Math.max(width, height) < TILED_SIDE
        ? null
        : { url: photoPath(deps, photo, 'tiles', 'tiles'), ...TILE, levels: levelsOf(width, height) },
    format,
    width,
    height,
    bytes,
    ms: report.ms,
    steps: report.steps.map((step) => ({ name: step.name, ms: step.ms, model: step.model })),
  };
}

/** 0 to 1 over the whole run, to a thousandth. */
export const progressOf = ({ job }: Photo): number =>
  job.state === 'done' ? 1 : Math.round(job.progress * 1000) / 1000;

/**
 * A photo as the page sees it, with signed links relative to our address.
 * @param mailAlways whether its owner wants a mail for every photo.
 */
export async function photoView(deps: ViewDeps, photo: Photo, mailAlways: boolean): Promise<PhotoView> {
  const { id, job } = photo;
  return {
    id,
    name: photo.name,
    format: photo.format,
    width: photo.width,
    height: photo.height,
    bytes: photo.bytes,
    createdAt: photo.createdAt.toISOString(),
    expiresAt: photo.expiresAt?.toISOString() ?? null,
    originalUrl: photoPath(deps, photo, 'original', `${id}.${extensionOf(photo.format)}`),
    previewUrl: photo.previewKey ? photoPath(deps, photo, 'preview', `${id}.jpg`) : null,
    mailWhenReady: photo.mailWhenReady ?? mailAlways,
    rerunsLeft: photo.rerunsLeft ?? 0,
    job: {
      id: job.id,
      recipe: job.recipe,
      options: job.options,
      state: job.state,
      progress: progressOf(photo),
      step: job.state === 'running' ? job.step : null,
      position: job.state === 'queued' ? await position(deps.db, job.id) : null,
      error: job.error,
      result: resultView(deps, photo),
    },
  };
}
