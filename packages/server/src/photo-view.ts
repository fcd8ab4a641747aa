import type { ComplaintView, PhotoView, ResultView } from '@hili/contract';
import { TILE } from '@hili/engine';
import type { AppDeps } from './deps.ts';
import { position } from './jobs.ts';
import { extensionOf, photoPath } from './links.ts';
import type { FileLink } from './signing.ts';
import type { Job, Photo } from './tables.ts';
import { levelsOf, TILED_SIDE } from './tiles.ts';

type ViewDeps = Pick<AppDeps, 'db' | 'keys' | 'config'>;

function resultView(deps: ViewDeps, photo: Photo, job: Job | undefined): ResultView | null {
  if (!job?.result || !job.report) return null;
  const { report } = job;
  const { format, width, height, bytes } = job.result;
  const name = `${photo.id}.${extensionOf(format)}`;
  const path = (kind: FileLink['kind'], last: string, disposition: FileLink['disposition'] = 'inline') =>
    photoPath(deps, photo, kind, last, disposition, job.id);
  return {
    url: path('result', name),
    downloadUrl: path('result', name, 'attachment'),
    beforeUrl: job.beforeKey ? path('before', `${photo.id}.jpg`) : null,
    previewUrl: job.previewKey ? path('result-preview', `${photo.id}.jpg`) : null,
    tiles:
      Math.max(width, height) < TILED_SIDE
        ? null
        : { url: path('tiles', 'tiles'), ...TILE, levels: levelsOf(width, height) },
    format,
    width,
    height,
    bytes,
    changed: report.changed,
    ms: report.ms,
    steps: report.steps.map(({ name, ms, model, note }) => ({ name, ms, model, note: note ?? null })),
    faces: [...(report.faces ?? [])],
    checks: [...(report.checks ?? [])],
  };
}

function complaintView({ complaint }: Photo): ComplaintView | null {
  if (!complaint) return null;
  const { fault, text, mayLook, state, answer } = complaint;
  return { fault, text, mayLook, state, answer };
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
    complaint: complaintView(photo),
    job: {
      id: job.id,
      recipe: job.recipe,
      options: job.options,
      state: job.state,
      progress: progressOf(photo),
      step: job.state === 'running' ? job.step : null,
      position: job.state === 'queued' ? await position(deps.db, job.id) : null,
      error: job.error,
      result: resultView(deps, photo, job),
    },
    result: resultView(deps, photo, photo.doneJob),
  };
}
