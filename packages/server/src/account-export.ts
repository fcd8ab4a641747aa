import { accountView } from './account-view.ts';
import type { SignedIn } from './callers.ts';
import { complaintsOf } from './complaints.ts';
import type { AppDeps } from './deps.ts';
import { fapiaoOfUser } from './fapiao.ts';
import { exportInvites } from './invites.ts';
import { jobsOf } from './job-rows.ts';
import { extensionOf } from './links.ts';
import { ordersOf } from './order-rows.ts';
import { orderViews } from './order-view.ts';
import { listAllPhotos, type PhotoRow } from './photos.ts';
import { exportRebates } from './rebates.ts';
import { unlessMissing } from './storage/disk.ts';
import type { Job } from './tables.ts';
import { listPostings } from './wallets.ts';
import { type ZipEntry, zipStream } from './zip-stream.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** A photo's name as a file's, without what some system cannot write. */
const plain = (name: string) => name.replace(/[<>:"/\\|?*\p{C}]/gu, '_').replace(/\.[^.]{1,5}$/, '') || 'photo';

/** The pictures of a photo that are still there: its upload, and the results of its jobs. */
function picturesOf(photo: PhotoRow, jobs: readonly Job[]): { readonly path: string; readonly key: string }[] {
  if (!photo.uploadKey) return [];
  const stem = `photos/${photo.createdAt.toISOString().slice(0, 19).replaceAll(':', '-')} ${plain(photo.name)} ${photo.id.slice(0, 8)}`;
  const results = jobs.flatMap(({ result, recipe }, n) =>
    result
      ? [{ path: `${stem} ${n + 1} ${recipe.replaceAll(',', '+')}.${extensionOf(result.format)}`, key: result.key }]
      : [],
  );
  return [{ path: `${stem}.${extensionOf(photo.format)}`, key: photo.uploadKey }, ...results];
}

/**
 * All that we have of a user as a ZIP file, streamed: `account.json`, `credits.json` with each line of the ledger, `orders.json`, `photos.json` with each
 * photo and job, deleted ones too, `complaints.json` with what they told the operator, `invites.json`, `rebates.json`, `fapiao.json`, and the pictures that are still there. Memory stays the same however many there are.
 */
export async function exportAccount(deps: AppDeps, user: SignedIn): Promise<ReadableStream<Uint8Array>> {
  const { db, storage, clock } = deps;
  const now = clock();
  const account = await accountView(deps, user);
  const credits = await listPostings(db, user.walletId);
  const orders = await orderViews(deps, await ordersOf(db, user.id));
  const photos = await listAllPhotos(db, user);
  const complaints = await complaintsOf(db, user);
  const invites = await exportInvites(db, user.id);
  const rebates = await exportRebates(db, deps.keys, user.id);
  const fapiao = await fapiaoOfUser(db, user.id);
  const jobs = await jobsOf(
    db,
    photos.map(({ id }) => id),
  );
  const ofPhoto = (photo: PhotoRow) => jobs.filter(({ photoId }) => photoId === photo.id);

  async function* entries(): AsyncGenerator<ZipEntry> {
    const file = (name: string, value: unknown): ZipEntry => ({ name, input: json(value), lastModified: now });
    yield file('account.json', { exportedAt: now, ...account });
    yield file('credits.json', credits);
    yield file('orders.json', orders);
    yield file(
      'photos.json',
      photos.map((photo) => describe(photo, ofPhoto(photo))),
    );
    yield file('complaints.json', complaints);
    yield file('invites.json', invites);
    yield file('rebates.json', rebates);
    yield file('fapiao.json', fapiao);
    for (const photo of photos)
      for (const { path, key } of picturesOf(photo, ofPhoto(photo))) {
        // Deleted while the file before it was on its way. Any other failure breaks the file off: it would seem to be all that there is.
        const picture = await unlessMissing(storage.read(key));
        if (picture) yield { name: path, input: picture, lastModified: photo.createdAt };
      }
  }
  return zipStream(entries());
}

function describe(photo: PhotoRow, jobs: readonly Job[]) {
  const { id, name, format, width, height, bytes, sha256, createdAt, expiresAt, removedAt } = photo;
  return {
    ...{ id, name, format, width, height, bytes, sha256, createdAt, expiresAt, removedAt },
    jobs: jobs.map(({ id, recipe, options, state, free, error, createdAt, startedAt, endedAt, report }) => ({
      ...{ id, recipe, options, state, free, error, createdAt, startedAt, endedAt, report },
    })),
  };
}
