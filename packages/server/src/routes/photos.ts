import { AppError, PhotoFields, type PhotoView, parseRgb, type RecipeName } from '@hili/contract';
import { type Context, Hono } from 'hono';
import type { AppDeps, AppEnv } from '../deps.ts';
import { refuseWhenFull, takeIn } from '../intake.ts';
import { cancel, removePhoto, runAgain } from '../jobs.ts';
import { photoView } from '../photo-view.ts';
import { findVisitorPhoto, isGone, listVisitorPhotos } from '../photos.ts';
import type { JobOptions, Photo } from '../tables.ts';
import { discardForm, receiveForm } from '../uploads.ts';
import { knownVisitor, meView, visitorOf } from '../visitor-cookie.ts';
import type { Visitor } from '../visitors.ts';

type Call = Context<AppEnv>;

const JSON_BYTES = 16 * 1024;

/** What to run, from text fields or from JSON. @throws AppError BAD_REQUEST that names the field. */
function readFields(raw: Readonly<Record<string, unknown>>): { recipe: RecipeName; options: JobOptions } {
  const texts = Object.entries(raw).map(([name, value]) => [name, Array.isArray(value) ? value.join() : String(value)]);
  const parsed = PhotoFields.safeParse(Object.fromEntries(texts));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = String(issue?.path[0]);
    const detail = `${issue?.message.replace(/^Invalid input: |^Invalid option: /, '')} for ${field}`;
    throw new AppError('BAD_REQUEST', { field, detail });
  }
  const { recipe, rgb: text, ...options } = parsed.data;
  const rgb = text === undefined ? undefined : parseRgb(text);
  if ((text !== undefined || recipe === 'bg') && !rgb)
    throw new AppError('BAD_REQUEST', {
      field: 'rgb',
      detail: `expected R,G,B of 0 to 255 each for rgb but received ${text === undefined ? 'nothing' : JSON.stringify(text)}`,
    });
  return { recipe, options: { ...options, ...(rgb && recipe === 'bg' && { rgb }) } };
}

async function readJson(c: Call): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length;
    if (bytes > JSON_BYTES) throw new AppError('TOO_LARGE');
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (value && typeof value === 'object' && !Array.isArray(value)) return { ...value };
  } catch {
    // not JSON: answered below
  }
  throw new AppError('BAD_REQUEST', { detail: 'expected a JSON object for the body but received something else' });
}

/** The page's own API for photos, under `/api/v1`. */
export function photoRoutes(deps: AppDeps): Hono<AppEnv> {
  const { config, db, clock, storage, rateLimits } = deps;
  const routes = new Hono<AppEnv>();

  /** One of the caller's photos. @throws AppError PHOTO_NOT_FOUND for another's too, PHOTO_EXPIRED. */
  async function ownPhoto(c: Call): Promise<{ visitor: Visitor; photo: Photo }> {
    const visitor = await knownVisitor(c, deps);
    const id = c.req.param('id') ?? '';
    const photo = visitor && /^[0-9a-f]{32}$/.test(id) ? await findVisitorPhoto(db, visitor.id, id) : undefined;
    if (!visitor || !photo) throw new AppError('PHOTO_NOT_FOUND');
    if (isGone(photo, clock())) throw new AppError('PHOTO_EXPIRED');
    return { visitor, photo };
  }

  routes.get('/me', async (c) => c.json(await meView(deps, await visitorOf(c, deps))));

  routes.get('/photos', async (c) => {
    const visitor = await knownVisitor(c, deps);
    const photos = visitor ? await listVisitorPhotos(db, visitor.id, clock()) : [];
    return c.json<PhotoView[]>(await Promise.all(photos.map((photo) => photoView(deps, photo))));
  });

  routes.post('/photos', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    const visitor = await visitorOf(c, deps);
    const form = await receiveForm(c.env, {
      file: { path: storage.incoming(), maxBytes: config.MAX_UPLOAD_BYTES },
    });
    try {
      const repeated = [...form.malformed].find((field) => field === 'file' || field in PhotoFields.shape);
      if (repeated) throw new AppError('BAD_REQUEST', { field: repeated });
      const order = readFields(Object.fromEntries(form.fields));
      if (!form.file) throw new AppError('BAD_REQUEST', { field: 'file' });
      const photo = await takeIn(deps, c.env, form.file, { ...order, owner: { kind: 'visitor', ...visitor } });
      return c.json<PhotoView>(await photoView(deps, photo), 201);
    } finally {
      await discardForm(form);
    }
  });

  routes.get('/photos/:id', async (c) => c.json<PhotoView>(await photoView(deps, (await ownPhoto(c)).photo)));

  routes.delete('/photos/:id', async (c) => {
    const { photo } = await ownPhoto(c);
    await removePhoto(deps, photo.id);
    return c.body(null, 204);
  });

  routes.post('/photos/:id/cancel', async (c) => {
    const { photo } = await ownPhoto(c);
    await cancel(deps, photo.id);
    return c.json<PhotoView>(await photoView(deps, (await ownPhoto(c)).photo));
  });

  routes.post('/photos/:id/jobs', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    const { visitor, photo } = await ownPhoto(c);
    const order = readFields(await readJson(c));
    const again = await runAgain(deps, { ...order, photoId: photo.id, owner: { kind: 'visitor', ...visitor } });
    return c.json<PhotoView>(await photoView(deps, again), 201);
  });

  return routes;
}
