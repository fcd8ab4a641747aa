import type { ErrorCode } from './errors.ts';

/** What an error may add to its row. */
export interface ErrorInfo {
  /** Public words behind the row's text, in the form "expected X for Y but received Z". Never a path, a secret or a stack. */
  readonly detail?: string;
  /** The name of the field at fault. */
  readonly field?: string;
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number;
  /** What caused it, for the log only. */
  readonly cause?: unknown;
}

/** The only error that routes and nouns throw; everything else is answered as INTERNAL. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly info: ErrorInfo;

  constructor(code: ErrorCode, info: ErrorInfo = {}) {
    super(info.detail ? `${code}: ${info.detail}` : code, { cause: info.cause });
    this.name = 'AppError';
    this.code = code;
    this.info = info;
  }
}
