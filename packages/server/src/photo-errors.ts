import { AppError, type ErrorCode } from '@hili/contract';
import { PhotoError, type Reason } from '@hili/engine';

/** What the engine's reasons are to the outside. */
export const REASON_CODES: Readonly<Record<Reason, ErrorCode>> = {
  unsupported_type: 'UNSUPPORTED_TYPE',
  empty: 'UNSUPPORTED_TYPE',
  damaged: 'PHOTO_DAMAGED',
  too_many_bytes: 'TOO_LARGE',
  too_many_pixels: 'PHOTO_TOO_LARGE',
  too_long_side: 'PHOTO_TOO_LARGE',
  bad_option: 'BAD_REQUEST',
  no_model: 'INTERNAL',
  cancelled: 'CANCELLED',
  timeout: 'TIMED_OUT',
  out_of_memory: 'OUT_OF_MEMORY',
  crashed: 'CRASHED',
};

/** Every error as one of the table; the engine's public words become the detail. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof PhotoError ? REASON_CODES[error.reason] : 'INTERNAL';
  if (error instanceof PhotoError && code !== 'INTERNAL')
    return new AppError(code, { detail: error.message, cause: error });
  return new AppError('INTERNAL', { cause: error });
}
