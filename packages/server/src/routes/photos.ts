import {
  AppError,
  ComplaintFields,
  type MeView,
  PhotoFields,
  PhotoNotice,
  type PhotoView,
  type PrintView,
} from '@hili/contract';
import { type Context, Hono } from 'hono';
import { type Caller, callerOf, knownCaller, mailsAlways, meView, viewerOf } from '../callers.ts';
import { complain } from '../complaints.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import type { Drafts } from '../drafts.ts';
import { publish } from '../events.ts';
import { refuseWhenFull, type Taken, takeIn, throughRestart, withUpload } from '../intake.ts';
import { photoOf } from '../job-rows.ts';
import { cancel, removePhoto, runAgain } from '../jobs.ts';
import { readJson, readShape } from '../json-body.ts';
import { photoView } from '../photo-view.ts';
import { photoZip } from '../photo-zip.ts';
import { findOwnPhoto, isGone, listOwnPhotos, setMailWhenReady } from '../photos.ts';
import { readerOf } from '../readers.ts';
import { remember } from '../remember.ts';
import { requestLanguage } from '../request-language.ts';
import type { Photo } from '../tables.ts';
import { discardForm, receiveForm } from '../uploads.ts';
import { asUuid } from '../uuid.ts';
import { readChosenId, readWish } from '../wishes.ts';
import { contentDisposition } from './files.ts';

type Call = Context<AppEnv>;

/** Photos whose prints are kept in memory. */
const KEPT = 500;

/** The page's own API for photos, under `/api/v1`. */
export function photoRoutes(deps: AppDeps, drafts: Drafts): Hono<AppEnv> {
  const { config, db, clock, storage, rateLimits } = deps;
  const routes = new Hono<AppEnv>();
  const printsOf = remember<readonly PrintView[]>(KEPT);

  /** One of the caller's photos. @throws AppError PHOTO_NOT_FOUND for another's too, PHOTO_EXPIRED. */
  async function ownPhoto(c: Call): Promise<{ caller: Caller; photo: Photo }> {
    const caller = await knownCaller(c, deps);
    const id = c.req.param('id') ?? '';
    const photo = caller && (await findOwnPhoto(db, caller, id));
    if (!caller || !photo) throw new AppError('PHOTO_NOT_FOUND');
    if (isGone(photo, clock())) throw new AppError('PHOTO_EXPIRED');
    return { caller, photo };
  }

  const view = (caller: Caller, photo: Photo) => photoView(deps, photo, mailsAlways(caller));

  /** Answers with a photo of which it, or its run, was made now, 201, or before under the same id, 200. @throws AppError PHOTO_EXPIRED */
  async function answer(c: Call, caller: Caller, { photo, isNew }: Taken) {
    if (isGone(photo, clock())) throw new AppError('PHOTO_EXPIRED');
    return c.json<PhotoView>(await view(caller, photo), isNew ? 201 : 200);
  }

  /** What the caller has made already under an id of their own. */
  async function madeBefore(caller: Caller, id: string | undefined): Promise<Taken | undefined> {
    const photo = id === undefined ? undefined : await findOwnPhoto(db, caller, id);
    return photo && { photo, isNew: false };
  }

  routes.get('/me', async (c) => c.json<MeView>(await meView(deps, await viewerOf(c, deps))));

  routes.get('/photos', async (c) => {
    const caller = await knownCaller(c, deps);
    if (!caller) return c.json<PhotoView[]>([]);
    const photos = await listOwnPhotos(db, caller, clock());
    return c.json<PhotoView[]>(await Promise.all(photos.map((photo) => view(caller, photo))));
  });

  routes.get('/photos/zip', async (c) => {
    const caller = await knownCaller(c, deps);
    if (!caller) throw new AppError('DATA_NOT_FOUND');
    const ids = c.req.query('ids')?.split(',').filter(Boolean);
    const zip = await photoZip(deps, caller, ids, requestLanguage(c, 'en'));
    c.header('content-type', 'application/zip');
    c.header(
      'content-disposition',
      contentDisposition('attachment', `photos-${clock().toISOString().slice(0, 10)}.zip`),
    );
    return c.body(zip);
  });

  routes.post('/photos', async (c, next) => {
    if (!c.req.header('content-type')?.startsWith('application/json')) return next();
    await rateLimits.take('look', c.var.address);
    const { upload, id, ...wish } = await readJson(c);
    if (typeof upload !== 'string') throw new AppError('BAD_REQUEST', { field: 'upload' });
    const order = { ...readWish(wish), photoId: readChosenId(id) };
    const caller = await knownCaller(c, deps);
    if (!caller) throw new AppError('DATA_NOT_FOUND');
    const before = await madeBefore(caller, order.photoId);
    if (before) return answer(c, caller, before);
    await refuseWhenFull(deps);
    return answer(c, caller, await drafts.makePhoto(caller, upload, order, c.env));
  });

  routes.post('/photos', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    const caller = await callerOf(c, deps);
    const form = await receiveForm(c.env, {
      file: { path: storage.incoming(), maxBytes: config.MAX_UPLOAD_BYTES },
    });
    try {
      const repeated = [...form.malformed].find(
        (field) => field === 'file' || field === 'id' || field in PhotoFields.shape,
      );
      if (repeated) throw new AppError('BAD_REQUEST', { field: repeated });
      const wish = readWish(Object.fromEntries(form.fields));
      const photoId = readChosenId(form.fields.get('id'));
      if (!form.file) throw new AppError('BAD_REQUEST', { field: 'file' });
      const before = await throughRestart(() => madeBefore(caller, photoId));
      const taken = before ?? (await takeIn(deps, form.file, { ...wish, photoId, owner: caller }, c.env));
      return await answer(c, caller, taken);
    } finally {
      await discardForm(form);
    }
  });

  routes.get('/photos/:id', async (c) => {
    const { caller, photo } = await ownPhoto(c);
    return c.json<PhotoView>(await view(caller, photo));
  });

  routes.delete('/photos/:id', async (c) => {
    const { photo } = await ownPhoto(c);
    await removePhoto(deps, photo.id);
    return c.body(null, 204);
  });

  routes.post('/photos/:id/cancel', async (c) => {
    const { caller, photo } = await ownPhoto(c);
    await cancel(deps, photo.id);
    return c.json<PhotoView>(await view(caller, (await ownPhoto(c)).photo));
  });

  routes.put('/photos/:id/notice', async (c) => {
    const { mail } = await readShape(c, PhotoNotice);
    const { caller, photo } = await ownPhoto(c);
    if (caller.kind !== 'user') throw new AppError('SIGN_IN_REQUIRED');
    if (mail && caller.signIn.email === null) throw new AppError('BAD_REQUEST', { field: 'mail' });
    await setMailWhenReady(db, photo.id, mail);
    await publish(db, `owner:${caller.id}`, { kind: 'photo', photoId: photo.id });
    return c.json<PhotoView>(await view(caller, (await ownPhoto(c)).photo));
  });

  routes.post('/photos/:id/complaint', async (c) => {
    const fields = await readShape(c, ComplaintFields);
    const { caller, photo } = await ownPhoto(c);
    await rateLimits.take('complaint', caller.id);
    const filing = { ...fields, photo, language: requestLanguage(c, 'en'), operator: config.CONTACT_EMAIL };
    await complain(db, filing, clock());
    return c.body(null, 204);
  });

  routes.get('/photos/:id/prints', async (c) => {
    await rateLimits.take('look', c.var.address);
    const { caller, photo } = await ownPhoto(c);
    const search = () => withUpload(deps, photo, (path) => deps.readers.prints(readerOf(caller), path));
    return c.json<PrintView[]>([...(await printsOf(photo.id, search))]);
  });

  routes.post('/photos/:id/copies', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    const { id, ...wish } = await readJson(c);
    const photoId = readChosenId(id);
    // First, since the original may have gone since the copy was made.
    const asker = await knownCaller(c, deps);
    const before = asker && (await madeBefore(asker, photoId));
    if (asker && before) return answer(c, asker, before);
    const { caller, photo } = await ownPhoto(c);
    const order = { ...readWish(wish), photoId, owner: caller };
    const { sha256, bytes, name, format, width, height } = photo;
    const file = { sha256, bytes, name, header: { format, width, height } };
    const copy = await withUpload(deps, photo, (path) => takeIn(deps, { ...file, path }, order, c.env));
    return answer(c, caller, copy);
  });

  routes.post('/photos/:id/jobs', async (c) => {
    await rateLimits.take('upload', c.var.address);
    const { caller, photo } = await ownPhoto(c);
    const { id, ...wish } = await readJson(c);
    const chosen = readChosenId(id);
    const order = { ...readWish(wish), photoId: photo.id, runId: chosen && asUuid(chosen), owner: caller };
    // A full queue does not matter to a run that is in it already.
    if (order.runId === undefined || (await photoOf(db, order.runId)) !== photo.id) await refuseWhenFull(deps);
    return answer(c, caller, await runAgain(deps, order));
  });

  return routes;
}
