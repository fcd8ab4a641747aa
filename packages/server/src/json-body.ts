import { AppError } from '@hili/contract';
import type { Context } from 'hono';
import type { z } from 'zod';

/** Bytes of a JSON body at most. */
const JSON_BYTES = 16 * 1024;
/** Milliseconds in which it has to arrive: four times what GPRS takes for the longest. One that trickles holds a connection. */
const JSON_MS = 15_000;

async function readBody({ body }: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > JSON_BYTES) throw new AppError('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a body that is to be JSON. One that is late is answered, and its connection then closed. */
function readInTime(c: Context): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      c.env?.outgoing?.setHeader('connection', 'close');
      reject(new AppError('UPLOAD_FAILED'));
    }, JSON_MS);
    readBody(c.req.raw)
      .then(resolve, (error) =>
        reject(error instanceof AppError ? error : new AppError('UPLOAD_FAILED', { cause: error })),
      )
      .finally(() => clearTimeout(timer));
  });
}

/** @throws AppError TOO_LARGE; UPLOAD_FAILED when the body breaks off or trickles; BAD_REQUEST when it is no JSON object. */
export async function readJson(c: Context): Promise<Record<string, unknown>> {
  const text = await readInTime(c);
  try {
    const value: unknown = JSON.parse(text);
    if (value && typeof value === 'object' && !Array.isArray(value)) return { ...value };
  } catch {
    // not JSON: answered below
  }
  throw new AppError('BAD_REQUEST', { detail: 'expected a JSON object for the body but received something else' });
}

/** Reads a body of a shape of the contract. @throws AppError of `readJson`; BAD_REQUEST that names the field. */
export async function readShape<Shape extends z.ZodType>(c: Context, shape: Shape): Promise<z.infer<Shape>> {
  const parsed = shape.safeParse(await readJson(c));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? 'body');
  // What was received may be a password, so it is not repeated.
  const words = issue?.message.replace(/^Invalid (input|option|string|element): ?/, '');
  throw new AppError('BAD_REQUEST', { field, detail: `${words} for ${field}` });
}
