import { AppError } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { type Caller, callerOf, knownCaller } from '../callers.ts';
import type { AppDeps, AppEnv } from '../deps.ts';
import { refuseWhenFull } from '../intake.ts';
import { findOwnPhoto } from '../photos.ts';
import { openResumable } from '../resumable.ts';

type Call = Context<AppEnv>;

/** Milliseconds without a byte after which a request is given up; what it brought is kept. */
const IDLE_MS = 60_000;

/** Resumable uploads (tus 1.0.0), under `/api/v1`. */
export function resumableRoutes(deps: AppDeps): Hono<AppEnv> {
  const { db, rateLimits } = deps;
  const uploads = openResumable(deps);
  const routes = new Hono<AppEnv>();

  async function answer(c: Call, caller: Caller): Promise<Response> {
    const { socket } = c.env.incoming;
    socket.setTimeout(IDLE_MS); // Node destroys a socket that times out
    try {
      const { status, headers, body } = await uploads.answer(c.req.raw, caller);
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

  routes.on('OPTIONS', '/uploads', async (c) => answer(c, await callerOf(c, deps)));

  /** An upload that has become a photo is whole; a client that missed our answer hears so, however often it asks. */
  function whole(c: Call, bytes: number): Response {
    c.header('tus-resumable', '1.0.0');
    c.header('upload-offset', String(bytes));
    c.header('upload-length', String(bytes));
    return c.body(null, c.req.raw.method === 'HEAD' ? 200 : 204);
  }

  routes.all('/uploads/:id', async (c) => {
    const { method } = c.req.raw;
    const id = c.req.param('id');
    const caller = await knownCaller(c, deps);
    if (!caller || !['HEAD', 'PATCH', 'DELETE'].includes(method)) throw new AppError('DATA_NOT_FOUND');
    const photo = method === 'DELETE' ? undefined : await findOwnPhoto(db, caller, id);
    if (photo) return whole(c, photo.bytes);
    const upload = await uploads.find(caller, id);
    if (!upload) throw new AppError('DATA_NOT_FOUND');
    // All was received, and then something broke before it became a photo.
    if (method === 'HEAD' && upload.offset === upload.size) return whole(c, (await uploads.finish(caller, id)).bytes);
    return answer(c, caller);
  });

  return routes;
}
