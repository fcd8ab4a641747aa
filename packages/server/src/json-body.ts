import { AppError } from '@hili/contract';
import type { Context } from 'hono';
import type { z } from 'zod';
import { readRaw } from './raw-body.ts';

/** Bytes of a JSON body at most. */
const JSON_BYTES = 16 * 1024;
/** PostgreSQL has no place for NUL in a text. */
function refuseNul(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && value.includes('\0')) throw new Error('expected a text without NUL');
  return value;
}

/** @throws AppError TOO_LARGE; UPLOAD_FAILED when the body breaks off or trickles; BAD_REQUEST when it is no JSON object. */
export async function readJson(c: Context): Promise<Record<string, unknown>> {
  const text = (await readRaw(c, JSON_BYTES)).toString('utf8');
  try {
    const value: unknown = JSON.parse(text, refuseNul);
    if (value && typeof value === 'object' && !Array.isArray(value)) return { ...value };
  } catch {
    // not JSON, or one with NUL: answered below
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
