import { randomUUID } from 'node:crypto';
import { API, AppError, ERRORS, PARTNER_API } from '@hili/contract';
import { type Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import { clientAddress } from './client-address.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { openDrafts } from './drafts.ts';
import { lingerAfter } from './linger.ts';
import { asAppError } from './photo-errors.ts';
import { failure } from './problem.ts';
import { requestLanguage } from './request-language.ts';
import { accountRoutes } from './routes/account.ts';
import { consoleRoutes } from './routes/admin/console.ts';
import { demoRoutes } from './routes/demo.ts';
import { eventRoutes } from './routes/events.ts';
import { fileRoutes } from './routes/files.ts';
import { healthRoutes } from './routes/health.ts';
import { inviteLinks, inviteRoutes } from './routes/invites.ts';
import { noticeRoutes } from './routes/notices.ts';
import { orderPaperRoutes } from './routes/order-papers.ts';
import { orderRoutes } from './routes/orders.ts';
import { partnerRoutes } from './routes/partner.ts';
import { photoRoutes } from './routes/photos.ts';
import { rebateRoutes } from './routes/rebates.ts';
import { resumableRoutes } from './routes/resumable.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { siteRoutes } from './routes/site.ts';
import { tileRoutes } from './routes/tiles.ts';
import { voucherRoutes } from './routes/vouchers.ts';
import { webRoutes } from './routes/web.ts';
import { setSafeHeaders } from './safe-headers.ts';
import { refuseOtherHosts, refuseOtherSites } from './same-site.ts';
import { openUploadFiles } from './upload-files.ts';

/** The system's words for a disk that is full, broken or closed to us: an upload failed, and an operator can do something about it. */
const isStorageTrouble = (cause: unknown) =>
  /^(ENOSPC|EDQUOT|EIO|EROFS|EACCES|EMFILE|ENFILE|ENOENT)$/.test(String((cause as NodeJS.ErrnoException)?.code));

/** How a connection shows that its client has broken off. */
const isClientGone = (cause: unknown) =>
  /^(ERR_STREAM_PREMATURE_CLOSE|ECONNRESET|EPIPE|ABORT_ERR)$/.test(String((cause as NodeJS.ErrnoException)?.code));

/** Whether what lies behind an error is ours to mend, whatever the client was told. */
const isOurTrouble = (cause: unknown) =>
  isStorageTrouble(cause) ||
  (cause instanceof AppError && ERRORS[cause.code].report && !isClientGone(cause.info.cause));

/** Puts the whole HTTP side together. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { config, log, rateLimits } = deps;
  const files = openUploadFiles(deps);
  const drafts = openDrafts(deps, files);
  const app = new Hono<AppEnv>();

  app.use(async (c, next) => {
    const began = performance.now();
    c.set('requestId', randomUUID());
    const peer = c.env?.incoming?.socket.remoteAddress;
    c.set('address', clientAddress(peer, c.req.header('x-forwarded-for'), config.TRUST_PROXY));
    await next();
    c.header('x-request-id', c.var.requestId);
    setSafeHeaders(c, deps);
    if (c.env?.incoming) lingerAfter(c.env);
    // The route and not the path, since paths of pictures are signed.
    const ms = Math.round(performance.now() - began);
    const { requestId } = c.var;
    log.info({ requestId, method: c.req.method, route: routePath(c), status: c.res.status, ms }, 'request');
  });

  const fail = (error: AppError, c: Context<AppEnv>): Response => {
    const { requestId } = c.var;
    if (ERRORS[error.code].report || isOurTrouble(error.info.cause)) log.error({ requestId, error }, 'request failed');
    else if (error.info.cause) log.debug({ requestId, error }, 'request refused');
    return failure(error, c.req.path, (fallback) => requestLanguage(c, fallback));
  };
  app.onError((error, c) => fail(asAppError(error), c));
  app.notFound((c) => fail(new AppError('NOT_FOUND'), c));

  if (config.DEMO_PAYMENTS && config.DEMO_SITE === '0')
    app.use(async (c, next) => {
      refuseOtherHosts(c.req.raw);
      await next();
    });
  // Before what counts requests: a provider may have much to say, and signs it.
  app.route(`${API}/payments`, noticeRoutes(deps));
  app.use(`${API}/*`, async (c, next) => {
    await rateLimits.take('page', c.var.address);
    refuseOtherSites(c.req.raw);
    if (c.req.url.includes('%00'))
      throw new AppError('BAD_REQUEST', {
        detail: 'expected an address without NUL, for which the database has no place',
      });
    c.header('cache-control', 'no-store');
    await next();
  });
  app.route('/health', healthRoutes(deps));
  app.route(PARTNER_API, partnerRoutes(deps));
  app.route(API, photoRoutes(deps, drafts));
  app.route(API, resumableRoutes(deps, files, drafts));
  app.route(API, eventRoutes(deps));
  app.route(API, signInRoutes(deps));
  app.route(API, siteRoutes(deps));
  app.route(API, orderRoutes(deps));
  app.route(API, orderPaperRoutes(deps));
  app.route(API, voucherRoutes(deps));
  app.route(API, inviteRoutes(deps));
  app.route(API, rebateRoutes(deps));
  app.route(`${API}/account`, accountRoutes(deps, files));
  app.route(`${API}/admin`, consoleRoutes(deps));
  app.all('/api/*', () => {
    throw new AppError('NOT_FOUND');
  });
  app.route('/i', inviteLinks(deps));
  app.route('/files/tiles', tileRoutes(deps));
  app.route('/files', fileRoutes(deps));
  app.route('/demo', demoRoutes(deps));
  app.route('/', webRoutes(deps));
  return app;
}
