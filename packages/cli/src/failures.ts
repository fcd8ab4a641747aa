import { AppError } from '@hili/contract';
import { HiliError, PartnerError } from '@hili/sdk/partner';

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

/** An error as the caller should read it. */
export interface Words {
  /** A PhotoError's reason, a code of the error table, `errno …`, or the system's code. */
  readonly code: string;
  readonly message: string;
}

const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'expected permission for',
  EISDIR: 'expected a file but received the folder',
  ENOENT: 'expected something at',
  ENOSPC: 'expected free disk space for',
  ENOTDIR: 'expected a folder but received the file',
  EROFS: 'expected a disk that can be written to for',
};

/** Words for any error; nothing of a stack. */
export function explain(error: unknown): Words {
  if (error instanceof PartnerError) return { code: `errno ${error.errno}`, message: error.message };
  if (error instanceof HiliError) return { code: error.code, message: error.message };
  if (error instanceof AppError) return { code: error.code, message: error.info.detail ?? error.message };
  if (!(error instanceof Error)) return { code: 'error', message: String(error) };
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = (error as { reason?: unknown }).reason;
  if (typeof reason === 'string') return { code: reason, message: error.message };
  const words = code && SYSTEM[code];
  return { code: code ?? 'error', message: words ? `${words} ${path ?? 'the file'} (${code})` : error.message };
}

/** Whether every other photo would fail in the same way, so that going on makes no sense. */
export function isFinal(error: unknown): boolean {
  if (error instanceof PartnerError) return error.errno === 9999 || error.errno === 9101;
  if (error instanceof HiliError) return ['UNREACHABLE', 'NO_CREDITS', 'TOKEN_INVALID'].includes(error.code);
  return (error as { reason?: unknown }).reason === 'no_model' || (error as { code?: unknown }).code === 'ENOSPC';
}
