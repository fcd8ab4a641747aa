import { writeSync } from 'node:fs';
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
 * Writes whole lines to a file, a pipe or a terminal and never throws: what is at work goes on where its log cannot be written, as on a
 * full disk. What was lost is counted and said before the next line that goes out.
 */
function lossyLines(fd: number, base: object): { write(line: string): void } {
  let lost = 0;
  let isTorn = false;
  return {
    write(line) {
      const level = pino.levels.values.error;
      const notice = { level, time: Date.now(), ...base, lost, msg: 'lines of the log could not be written' };
      const head = (isTorn ? '\n' : '') + (lost > 0 ? `${JSON.stringify(notice)}\n` : '');
      const bytes = Buffer.from(head + line);
      let written = 0;
      try {
        // The rest after a part: a disk or a pipe that is just getting full takes what it has room for.
        while (written < bytes.length) written += writeSync(fd, bytes, written);
        lost = 0;
        isTorn = false;
      } catch {
        lost += 1;
        if (written > 0) isTorn = bytes[written - 1] !== 0x0a;
      }
    },
  };
}

/**
 * Opens the log: JSON lines on standard error, since standard output is for people. Writing to it never throws.
 * @param name the process: `http` or `worker`.
 * @param fd another open file than standard error, for tests.
 */
export function openLog(level: string, name: string, fd = 2): Log {
  const base = { name, pid: process.pid, host: hostname() };
  return pino({ level, base, serializers: { error: plainError } }, lossyLines(fd, base));
}
