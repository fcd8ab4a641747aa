import { AppError } from '@hili/contract';
import type { Context } from 'hono';

/** Milliseconds in which a body has to arrive: GPRS brings 16 KB in a quarter of that. One that trickles holds a connection. */
const BODY_MS = 15_000;

async function gather({ body }: Request, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > most) throw new AppError('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The body as it came. One that is late is answered, and its connection then closed.
 * @param most bytes.
 * @throws AppError TOO_LARGE; UPLOAD_FAILED when it breaks off or trickles.
 */
export function readRaw(c: Context, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      c.env?.outgoing?.setHeader('connection', 'close');
      reject(new AppError('UPLOAD_FAILED'));
    }, BODY_MS);
    gather(c.req.raw, most)
      .then(resolve, (error) =>
        reject(error instanceof AppError ? error : new AppError('UPLOAD_FAILED', { cause: error })),
      )
      .finally(() => clearTimeout(timer));
  });
}
