/** Why a photo could not be read or restored: the closed list. */
export const REASONS = [
  'unsupported_type',
  'damaged',
  'empty',
  'too_many_bytes',
  'too_many_pixels',
  'too_long_side',
  'bad_option',
  'no_model',
  'cancelled',
  'timeout',
  'out_of_memory',
  'crashed',
] as const;

export type Reason = (typeof REASONS)[number];

/** The engine's only error. `message` says "expected X for Y but received Z" and names no path. */
export class PhotoError extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PhotoError';
    this.reason = reason;
  }
}
