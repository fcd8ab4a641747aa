import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { AppEnv } from './deps.ts';
import { awaitContinue } from './uploads.ts';

/** A body may take this long in all; one that stands still is given up far earlier (uploads.ts). */
const REQUEST_MS = 3_600_000;
/** Longer than the 60 s that proxies keep a connection, so that none is closed just when they use it. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Listens, and then makes the app, which may want to know the address.
 * @param makeApp is given the port that we really listen on.
 * @throws Error with code EADDRINUSE, EACCES and so on.
 */
export async function listen(
  host: string,
  port: number,
  makeApp: (port: number) => Hono<AppEnv>,
): Promise<{ port: number; close(withinMs: number): Promise<void> }> {
  let app: Hono<AppEnv> | undefined;
  const server = createAdaptorServer({
    fetch: (request, env) => (app as Hono<AppEnv>).fetch(request, env),
    autoCleanupIncoming: false, // linger.ts decides what happens to the rest of a body
    serverOptions: { requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS },
  }) as Server;
  awaitContinue(server);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, () => {
    app = makeApp((server.address() as AddressInfo).port);
    resolve();
  });
  await promise;
  server.off('error', reject);

  return {
    port: (server.address() as AddressInfo).port,
    async close(withinMs) {
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), withinMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
