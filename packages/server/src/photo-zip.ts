import { AppError, ERRORS, type ErrorCode, type Language, type Text } from '@hili/contract';
import type { AppDeps } from './deps.ts';
import { jobsOf } from './job-rows.ts';
import { extensionOf } from './links.ts';
import type { OwnerRef } from './owners.ts';
import { listOwnPhotos } from './photos.ts';
import { unlessMissing } from './storage/disk.ts';
import type { Job, JobResult, Photo } from './tables.ts';
import { type ZipEntry, zipStream } from './zip-stream.ts';

/** The file that names the photos which are not in it. */
export const LEFT_OUT = 'not-included.txt';
const HEADING: Text = {
  zh: '以下照片不在压缩包中:',
  en: 'These photos are not in this file:',
  ja: '次の写真はこのファイルに含まれていません:',
  es: 'Estas fotos no están en este archivo:',
  fr: 'Ces photos ne sont pas dans ce fichier :',
};
/** Characters of a name beside its ending. */
const NAME_LENGTH = 100;
/** What Windows takes for a device, whatever its ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A photo's name as any system can write it, without its ending. */
export function plainStem(name: string): string {
  const plain = [...name.replace(/\.[^.]{1,5}$/, '').replace(/[<>:"/\\|?*\p{C}]/gu, '_')]
    .slice(0, NAME_LENGTH)
    .join('');
  const stem = plain.replace(/^[\s.]+|[\s.]+$/g, '') || 'photo';
  return DEVICE.test(stem) ? `_${stem}` : stem;
}

/** Gives each name once; to systems that take large letters for small ones too. */
export function nameOnce(): (stem: string, extension: string) => string {
  const taken = new Set<string>();
  return (stem, extension) => {
    for (let n = 1; ; n++) {
      const name = `${stem}${n > 1 ? ` (${n})` : ''}.${extension}`;
      const folded = name.normalize('NFC').toLowerCase();
      if (taken.has(folded)) continue;
      taken.add(folded);
      return name;
    }
  };
}

/** Why a photo has no result. */
function reasonOf({ job }: Photo): ErrorCode {
  return job.state === 'failed' && job.error ? job.error : 'NOT_FINISHED';
}

const newestResult = (jobs: readonly Job[], { id }: Photo): JobResult | undefined =>
  jobs.findLast(({ photoId, result }) => photoId === id && result !== null)?.result ?? undefined;

/**
 * The results of somebody's photos as a ZIP file, streamed. What has no result, or goes while the file is on its way, is named with the
 * reason in a text at its end.
 * @param ids all that are done unless given.
 * @throws AppError DATA_NOT_FOUND when there is nothing to put into it.
 */
export async function photoZip(
  { db, storage, clock }: AppDeps,
  owner: OwnerRef,
  ids: readonly string[] | undefined,
  language: Language,
): Promise<ReadableStream<Uint8Array>> {
  const all = await listOwnPhotos(db, owner, clock());
  const photos = ids ? all.filter(({ id }) => ids.includes(id)) : all;
  const jobs = await jobsOf(
    db,
    photos.map(({ id }) => id),
  );
  const found = photos.map((photo) => ({ photo, result: newestResult(jobs, photo) }));
  if (!found.some(({ result }) => result)) throw new AppError('DATA_NOT_FOUND');
  const leftOut: string[] = [];
  const leave = (name: string, code: ErrorCode) => leftOut.push(`${name}: ${ERRORS[code].text[language]}`);
  const name = nameOnce();

  async function* entries(): AsyncGenerator<ZipEntry> {
    for (const { photo, result } of found) {
      if (!result) {
        leave(photo.name, reasonOf(photo));
        continue;
      }
      // Deleted, maybe, while the file before it was on its way.
      const input = await unlessMissing(storage.read(result.key));
      if (!input) leave(photo.name, 'PHOTO_EXPIRED');
      else
        yield {
          name: name(`${plainStem(photo.name)}-restored`, extensionOf(result.format)),
          input,
          lastModified: photo.createdAt,
        };
    }
    for (const id of ids ?? []) if (!photos.some((photo) => photo.id === id)) leave(id, 'PHOTO_EXPIRED');
    if (leftOut.length > 0)
      yield { name: LEFT_OUT, input: `${[HEADING[language], ...leftOut].join('\r\n')}\r\n`, lastModified: clock() };
  }
  return zipStream(entries());
}
