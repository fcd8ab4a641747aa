import type { AppDeps } from './deps.ts';
import { type FileLink, signPath } from './signing.ts';
import type { Photo } from './tables.ts';

/** The usual ending of a file name for each format. */
export const EXTENSIONS: Readonly<Record<string, string>> = { jpeg: 'jpg', tiff: 'tif' };
export const extensionOf = (format: string): string => EXTENSIONS[format] ?? format;

/**
 * A signed path to one of a photo's pictures. It outlives the picture, since how long that is kept is known only when its job has
 * ended: the photo's row says when it is gone. So a link stays the same while a job goes on, and pages keep the picture.
 */
export function photoPath(
  { keys, config }: Pick<AppDeps, 'keys' | 'config'>,
  { id, job }: Photo,
  kind: FileLink['kind'],
  name: string,
  disposition: FileLink['disposition'] = 'inline',
  jobId = job.id,
): string {
  const expires = new Date(job.deadline.getTime() + config.RETENTION_SECONDS * 1000);
  return signPath(keys.links, {
    kind,
    id: kind === 'original' || kind === 'preview' ? id : jobId,
    disposition,
    expires,
    name,
  });
}
