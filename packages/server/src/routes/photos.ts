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
import { type Caller, callerOf, knownCaller, mailsAlways, meView } from '../callers.ts';
import { complain } from '../complaints.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { publish } from '../events.ts';
import { refuseWhenFull, takeIn, withUpload } from '../intake.ts';
import { cancel, removePhoto, runAgain } from '../jobs.ts';
import { readJson, readShape } from '../json-body.ts';
import { photoView } from '../photo-view.ts';
import { photoZip } from '../photo-zip.ts';
import { findOwnPhoto, isGone, listOwnPhotos, setMailWhenReady } from '../photos.ts';
import { requestLanguage } from '../request-language.ts';
import { openScans } from '../scans.ts';
import type { Photo } from '../tables.ts';
import { discardForm, receiveForm } from '../uploads.ts';
import { readWish } from '../wishes.ts';
import { contentDisposition } from './files.ts';

type Call = Context<AppEnv>;

/** The page's own API for photos, under `/api/v1`. */
export function photoRoutes(deps: AppDeps): Hono<AppEnv> {
  const { config, db, clock, storage, rateLimits } = deps;
  const routes = new Hono<AppEnv>();
  const printsOf = openScans(deps);

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

  routes.get('/me', async (c) => c.json<MeView>(await meView(deps, await callerOf(c, deps))));

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

  routes.post('/photos', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    const caller = await callerOf(c, deps);
    const form = await receiveForm(c.env, {
      file: { path: storage.incoming(), maxBytes: config.MAX_UPLOAD_BYTES },
    });
    try {
      const repeated = [...form.malformed].find((field) => field === 'file' || field in PhotoFields.shape);
      if (repeated) throw new AppError('BAD_REQUEST', { field: repeated });
      const order = readWish(Object.fromEntries(form.fields));
      if (!form.file) throw new AppError('BAD_REQUEST', { field: 'file' });
      const photo = await takeIn(deps, form.file, { ...order, owner: caller }, c.env);
      return c.json<PhotoView>(await view(caller, photo), 201);
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
    const { photo } = await ownPhoto(c);
    return c.json<PrintView[]>([...(await printsOf(photo))]);
  });

  routes.post('/photos/:id/copies', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    const { caller, photo } = await ownPhoto(c);
    const wish = readWish(await readJson(c));
    const { sha256, bytes, name } = photo;
    const copy = await withUpload(deps, photo, (path) =>
      takeIn(deps, { path, sha256, bytes, name }, { ...wish, owner: caller }, c.env),
    );
    return c.json<PhotoView>(await view(caller, copy), 201);
  });

  routes.post('/photos/:id/jobs', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    const { caller, photo } = await ownPhoto(c);
    const order = readWish(await readJson(c));
    const again = await runAgain(deps, { ...order, photoId: photo.id, owner: caller });
    return c.json<PhotoView>(await view(caller, again), 201);
  });

  return routes;
}
