import { hostname } from 'node:os';
import pino, { type Logger } from 'pino';

export type Log = Logger;

/** Errors as the log shows them: no headers, queries or parameters that libraries hang on them. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return {
    name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(cause !== undefined && { cause: plainError(cause) }),
  };
}

/**
 * Opens the log: JSON lines on standard error, since standard output is for people.
 * @param name the process: `http` or `worker`.
 */
export function openLog(level: string, name: string): Log {
  return pino(
    { level, base: { name, pid: process.pid, host: hostname() }, serializers: { error: plainError } },
    pino.destination({ fd: 2, sync: true }),
  );
}
