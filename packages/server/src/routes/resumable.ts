import { AppError, type PrintView } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { type Caller, callerOf, knownCaller } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import type { Drafts } from '../drafts.ts';
import { refuseWhenFull } from '../intake.ts';
import { removePhoto } from '../jobs.ts';
import { findOwnPhoto, isGone } from '../photos.ts';
import { openResumable } from '../resumable.ts';
import type { Photo } from '../tables.ts';
import type { UploadFiles } from '../upload-files.ts';
import { takenOverBy } from '../visitors.ts';

type Call = Context<AppEnv>;

/** Milliseconds without a byte after which a request is given up; what it brought is kept. */
const IDLE_MS = 60_000;

const isUnknown = (error: unknown) => error instanceof AppError && error.code === 'DATA_NOT_FOUND';

/** Resumable uploads (tus 1.0.0) and what there is to see of drafts, under `/api/v1`. */
export function resumableRoutes(deps: AppDeps, files: UploadFiles, drafts: Drafts): Hono<AppEnv> {
  const { db, clock, rateLimits } = deps;
  const uploads = openResumable(deps, files);
  const routes = new Hono<AppEnv>();

  async function answer(c: Call, caller?: Caller): Promise<Response> {
    const { socket } = c.env.incoming;
    socket.setTimeout(IDLE_MS); // Node destroys a socket that times out
    try {
      const { status, headers, body } = await uploads.answer(c.req.raw, caller, c.env);
      // Our own pages only: no other site may read an answer, and nobody the ids behind the cookies.
      for (const [name, value] of headers)
        if (!name.startsWith('access-control-') && name !== 'upload-metadata') c.header(name, value);
      return c.newResponse(body, status as 200);
    } finally {
      socket.setTimeout(0);
    }
  }

  routes.post('/uploads', async (c) => {
    await rateLimits.take('upload', c.var.address);
    await refuseWhenFull(deps);
    return answer(c, await callerOf(c, deps));
  });

  // What the protocol can do is the same for everybody.
  routes.on('OPTIONS', '/uploads', (c) => answer(c));

  /** An upload that has become a photo is whole; a client that missed our answer hears so, however often it asks. */
  function whole(c: Call, bytes: number): Response {
    c.header('tus-resumable', '1.0.0');
    c.header('upload-offset', String(bytes));
    c.header('upload-length', String(bytes));
    return c.body(null, c.req.raw.method === 'HEAD' ? 200 : 204);
  }

  /** Who asks to look at a draft. */
  async function looking(c: Call): Promise<Caller> {
    await rateLimits.take('look', c.var.address);
    const caller = await knownCaller(c, deps);
    if (!caller) throw new AppError('DATA_NOT_FOUND');
    return caller;
  }

  routes.get('/uploads/:id/preview', async (c) => {
    const preview = await drafts.preview(await looking(c), c.req.param('id'));
    c.header('content-type', 'image/jpeg');
    c.header('cache-control', 'private, no-store');
    return c.body(new Uint8Array(preview));
  });

  routes.get('/uploads/:id/prints', async (c) =>
    c.json<PrintView[]>([...(await drafts.prints(await looking(c), c.req.param('id')))]),
  );

  routes.all('/uploads/:id', async (c) => {
    const { method } = c.req.raw;
    const id = c.req.param('id');
    const caller = await knownCaller(c, deps);
    if (!caller || !['HEAD', 'PATCH', 'DELETE'].includes(method)) throw new AppError('DATA_NOT_FOUND');
    /** Of the user, when its guest has signed in since this request came. */
    const made = async () => {
      const userId = caller.kind === 'visitor' ? await takenOverBy(db, caller.id) : null;
      return findOwnPhoto(db, userId === null ? caller : { kind: 'user', id: userId }, id);
    };
    if (method === 'DELETE') return discard(c, caller, made);
    /** What is no upload any more may have become a photo meanwhile, or be about to. */
    const since = async () => {
      await uploads.settled(id);
      const photo = await made();
      if (!photo) throw new AppError('DATA_NOT_FOUND');
      return whole(c, photo.bytes);
    };
    const photo = await made();
    if (photo) return whole(c, photo.bytes);
    const upload = await files.find(caller, id);
    if (!upload) return since();
    // All was received, and then something broke before it became a photo.
    if (method === 'HEAD' && !upload.isDraft && upload.offset === upload.size)
      return whole(c, (await uploads.finish(caller, id)).bytes);
    const response = await answer(c, caller).catch((error) => (isUnknown(error) ? since() : Promise.reject(error)));
    if (method === 'PATCH') await files.touch(id);
    return response;
  });

  /** Deletes an upload, and with it the photo that it has become, or becomes at this moment: nobody pays for what they have deleted. */
  async function discard(c: Call, caller: Caller, made: () => Promise<Photo | undefined>): Promise<Response> {
    const id = String(c.req.param('id'));
    const upload = await files.find(caller, id);
    const unlessUnknown = (error: unknown) => (isUnknown(error) ? undefined : Promise.reject(error));
    const response = upload && (await answer(c, caller).catch(unlessUnknown));
    if (response && !response.ok) return response;
    if (upload) await files.remove(id);
    await uploads.settled(id);
    const photo = await made();
    const isPhoto = photo !== undefined && !isGone(photo, clock());
    if (isPhoto) await removePhoto(deps, photo.id);
    if (!isPhoto && !response) throw new AppError('DATA_NOT_FOUND');
    c.header('tus-resumable', '1.0.0');
    return c.body(null, 204);
  }

  return routes;
}
