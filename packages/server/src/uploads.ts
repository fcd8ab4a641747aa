import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@hili/contract';
import busboy, { type Busboy } from 'busboy';
import { asAppError } from './photo-errors.ts';

/** A file that lies finished in the folder for incoming ones. */
export interface IncomingFile {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** As the client calls it, without folders and control characters; empty when it does not. */
  readonly name: string;
}

/** What a request's body holds. `file` is the part of that name; whoever receives the form removes it. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  /** Names that came more than once, or whose value is no text of at most 64 KB, NUL aside, which PostgreSQL has no place for. */
  readonly malformed: ReadonlySet<string>;
  readonly file?: IncomingFile;
}

export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

export interface FormLimits {
  /** Where the file goes, a new path; without it, a file is passed over and only small bodies are read. */
  readonly file?: { readonly path: string; readonly maxBytes: number };
  /** Runs when the file begins, on the fields before it, and before any of it is stored. What it throws is thrown. */
  readonly beforeFile?: (fields: ReadonlyMap<string, string>) => Promise<void>;
}

/** Bytes of a body beside the file: fields and the headers of parts. */
const REST_BYTES = 256 * 1024;
const FIELD_BYTES = 64 * 1024;
/** A form without any part is no longer than this: a boundary has 70 characters at most. */
const EMPTY_BYTES = 80;
/** Milliseconds without a byte after which an upload has broken off. */
const IDLE_MS = 60_000;
/** Bytes a second below which a body, after its first minute, is a way to hold a connection and no upload; GPRS has four times as many. */
const SLOWEST = 1024;

const waiting = new WeakSet<IncomingMessage>();

/** Makes clients that ask for `100 Continue` wait until their body is wanted, so that a refused one is never sent. */
export function awaitContinue(server: Server): void {
  server.on('checkContinue', (incoming, outgoing) => {
    waiting.add(incoming);
    server.emit('request', incoming, outgoing);
  });
}

const brokenOff = (cause: unknown) => new AppError('UPLOAD_FAILED', { cause });
/** A file's name as the client calls it, without folders and control characters. */
export const plainName = (name: string | undefined): string =>
  basename((name ?? '').replaceAll('\\', '/'))
    .replace(/\p{C}/gu, '')
    .slice(0, 200);

/** Streams one part to disk, counting and hashing on the way. */
async function store(part: Readable, name: string, path: string, maxBytes: number): Promise<IncomingFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > maxBytes ? new AppError('TOO_LARGE') : null, chunk);
    },
  });
  await pipeline(part, measure, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return { path, sha256: hash.digest('hex'), bytes, name };
}

function parserFor(incoming: IncomingMessage): Busboy | undefined {
  try {
    return busboy({
      headers: incoming.headers,
      defParamCharset: 'utf8',
      limits: { fieldNameSize: 100, fieldSize: FIELD_BYTES, fields: 40, files: 10, parts: 50 },
    });
  } catch {
    return undefined; // no form at all: as if it held no field
  }
}

/** Counts a body while it is read, and stops the reading when it is too large, breaks off or stands still. */
function watchBody(incoming: IncomingMessage, maxBytes: number, stop: (error: AppError) => void) {
  let bytes = 0;
  let beginning = '';
  const began = performance.now();
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    const ms = performance.now() - began;
    if (ms > IDLE_MS && bytes < (ms / 1000) * SLOWEST) fail();
    if (bytes <= EMPTY_BYTES) beginning += chunk.toString('latin1');
    if (bytes > maxBytes) stop(new AppError('TOO_LARGE'));
  };
  const fail = (cause?: unknown) => stop(brokenOff(cause));
  const close = () => incoming.readableEnded || fail();
  incoming.on('data', count).on('error', fail).on('close', close);
  incoming.socket.setTimeout(IDLE_MS); // Node destroys a socket that times out
  return {
    /** Whether the whole of it was the end of a form. */
    isEmptyForm: () => bytes <= EMPTY_BYTES && /^(--[^\r\n]*--\s*)?$/.test(beginning),
    leave() {
      incoming.off('data', count).off('error', fail).off('close', close);
      incoming.socket?.setTimeout(0);
    },
  };
}

/**
 * Reads a form (`multipart/form-data` or `application/x-www-form-urlencoded`), streaming its file to disk with constant memory. Fields
 * may come in any order, also after the file. When it throws, nothing is left on disk; the rest of the body is unread.
 * @throws AppError TOO_LARGE over the limits; UPLOAD_FAILED when the body breaks off, is malformed, or cannot be stored.
 */
export async function receiveForm(exchange: Exchange, limits: FormLimits): Promise<Form> {
  const { incoming, outgoing } = exchange;
  const maxBody = REST_BYTES + (limits.file?.maxBytes ?? 0);
  if (Number(incoming.headers['content-length'] ?? 0) > maxBody) throw new AppError('TOO_LARGE');
  const parser = parserFor(incoming);
  const fields = new Map<string, string>();
  const malformed = new Set<string>();
  if (!parser) return { fields, malformed };

  const { promise: broken, reject: stop } = Promise.withResolvers<never>();
  broken.catch(() => {});
  let stored: Promise<IncomingFile> | undefined;
  parser.on('field', (name, value: string | undefined, info) => {
    // No value is one in a character set that nobody knows.
    const broken = value === undefined || info.valueTruncated || info.nameTruncated || value.includes('\0');
    if (!name || fields.has(name) || broken) malformed.add(name ?? '');
    else fields.set(name, value);
  });
  parser.on('file', (name, part, info) => {
    part.on('error', () => {}); // a part dies with its parser, whose own error counts
    if (name !== 'file' || stored || !limits.file) {
      malformed.add(name ?? '');
      part.resume();
      return;
    }
    const { path, maxBytes } = limits.file;
    const allowed = limits.beforeFile?.(fields) ?? Promise.resolve();
    // Not the client's doing, though it hears that its upload failed.
    const judged = allowed.catch((failure) =>
      Promise.reject(failure instanceof AppError ? failure : brokenOff(asAppError(failure))),
    );
    stored = judged.then(() => store(part, plainName(info.filename), path, maxBytes));
    stored.catch(stop);
  });
  for (const event of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const)
    parser.on(event, () => stop(new AppError('BAD_REQUEST')));
  const body = watchBody(incoming, maxBody, stop);
  try {
    if (waiting.delete(incoming)) outgoing.writeContinue();
    const parsed = new Promise<void>((resolve, reject) => parser.on('close', resolve).on('error', reject));
    incoming.pipe(parser);
    // busboy takes a form without any part for one that broke off.
    await Promise.race([parsed.catch((cause) => body.isEmptyForm() || Promise.reject(brokenOff(cause))), broken]);
    const file = await stored;
    if (file && file.bytes === 0 && file.name === '')
      await rm(file.path, { force: true }); // a browser's empty file box
    else if (file) return { fields, malformed, file };
    return { fields, malformed };
  } catch (error) {
    incoming.unpipe(parser).pause();
    parser.on('error', () => {}).destroy();
    await stored?.catch(() => {});
    if (limits.file) await rm(limits.file.path, { force: true });
    throw error instanceof AppError ? error : brokenOff(error);
  } finally {
    body.leave();
  }
}

/** Removes a form's file from the folder for incoming ones, unless it has been moved on. */
export async function discardForm({ file }: Form): Promise<void> {
  if (file) await rm(file.path, { force: true });
}
