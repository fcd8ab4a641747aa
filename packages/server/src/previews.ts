import { rm } from 'node:fs/promises';
import type { AppDeps } from './deps.ts';
import { publish } from './events.ts';
import type { JobDeps } from './jobs.ts';
import { personOf } from './owners.ts';
import { setPreview } from './photos.ts';
import { newKey } from './storage/disk.ts';
import type { Photo } from './tables.ts';

/** What browsers do not show: its photo's preview is made at once, and not only when its job's turn comes. */
const UNSHOWN: readonly string[] = ['tiff', 'heic'];

/** Moves a preview into storage, unless the photo has one already or is gone. @returns whether it was moved. */
export async function storePreview(
  { db, storage }: Pick<JobDeps, 'db' | 'storage'>,
  photoId: string,
  path: string,
): Promise<boolean> {
  const key = newKey('jpeg');
  await storage.put(key, path);
  const kept = await setPreview(db, photoId, key);
  if (!kept) await storage.remove(key);
  return kept;
}

/** Makes the preview of a new photo where a browser could not show the photo itself. Never throws: the job makes it later, else. */
export async function previewAtOnce(deps: AppDeps, photo: Photo, who: string): Promise<void> {
  const { db, storage, readers, log } = deps;
  const person = personOf(photo);
  if (!person || !UNSHOWN.includes(photo.format)) return;
  const files = { input: storage.incoming(), output: storage.incoming() };
  try {
    await storage.fetch(String(photo.uploadKey), files.input);
    await readers.preview(who, files.input, files.output);
    if (await storePreview(deps, photo.id, files.output))
      await publish(db, `owner:${person}`, { kind: 'photo', photoId: photo.id });
  } catch (error) {
    log.info({ photoId: photo.id, error }, 'no preview could be made at once');
  } finally {
    await Promise.all(Object.values(files).map((path) => rm(path, { force: true }))).catch(() => {});
  }
}
