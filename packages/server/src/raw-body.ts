import { AppError } from '@hili/contract';
import type { Context } from 'hono';

/** The body as it came, for what is signed over its bytes. @throws AppError TOO_LARGE */
export async function readRaw(c: Context, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length;
    if (bytes > most) throw new AppError('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
