import { AppError } from '@hili/contract';
import type { Context } from 'hono';
import type { z } from 'zod';

/** Bytes of a JSON body at most. */
const JSON_BYTES = 16 * 1024;

/** @throws AppError TOO_LARGE; BAD_REQUEST when the body is no JSON object. */
export async function readJson(c: Context): Promise<Record<string, unknown>> {
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
