import type { ErrorCode } from '@hili/contract';

/** What a failure of our own API carries. */
export interface Failure {
  /** Words behind the code, in the form "expected X for Y but received Z". */
  readonly detail?: string | undefined;
  /** The name of the field at fault. */
  readonly field?: string | undefined;
  readonly cause?: unknown;
}

/** A refusal of our own API, a photo that failed, or, as `UNREACHABLE`, no answer at all. */
export class HiliError extends Error {
  readonly code: ErrorCode | 'UNREACHABLE';
  readonly field: string | undefined;

  constructor(code: ErrorCode | 'UNREACHABLE', { detail, field, cause }: Failure = {}) {
    super(detail ? `${code}: ${detail}` : code, { cause });
    this.name = 'HiliError';
    this.code = code;
    this.field = field;
  }
}

/** A failure on the partner wire: `errno` and `msg` as they came. */
export class PartnerError extends Error {
  /** 9999 token, 9101 no credits, 9001 fields, 9005 type, 9006 upload, 9009 picture, 9002 not there, 500 anything else. */
  readonly errno: number;

  constructor(errno: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'PartnerError';
    this.errno = errno;
  }
}
