import { createHmac, timingSafeEqual } from 'node:crypto';

export const FILE_KINDS = ['original', 'preview', 'before', 'result', 'result-preview', 'tiles'] as const;

/** One picture for one purpose, for whoever holds the link. */
export interface FileLink {
  readonly kind: (typeof FILE_KINDS)[number];
  /** The photo's id; of what a job has made, the job's. */
  readonly id: string;
  readonly disposition: 'inline' | 'attachment';
  readonly expires: Date;
  /** The last part of the URL, for people and for clients that look at it: letters, digits, `_`, `-` and `.` only. */
  readonly name: string;
}

const digest = (key: Buffer, ...parts: readonly string[]) =>
  createHmac('sha256', key).update(parts.join('\n'), 'utf8').digest('base64url');

/**
 * Writes a link as a path, signed by HMAC-SHA256 over all of it. The signature stands in the path and not in a query, so that the URL
 * ends in the picture's name, as clients of the partner wire expect.
 * @example signPath(key, link) === '/files/result/0f…9a/i-t5k2u8/Zk…Q/0f…9a.jpg'
 */
export function signPath(key: Buffer, link: FileLink): string {
  const terms = `${link.disposition[0]}-${Math.ceil(link.expires.getTime() / 1000).toString(36)}`;
  return `/files/${link.kind}/${link.id}/${terms}/${digest(key, link.kind, link.id, terms, link.name)}/${link.name}`;
}

/**
 * Reads a link back, comparing in constant time.
 * @returns undefined unless we signed exactly this path. Whether `expires` has passed is for the caller to say.
 */
export function readPath(key: Buffer, path: string): FileLink | undefined {
  const match = /^\/files\/([a-z-]+)\/([0-9a-z-]+)\/([ai])-([0-9a-z]{1,9})\/([\w-]{43})\/([\w.-]+)$/.exec(path);
  if (!match) return undefined;
  const [, kind, id, letter, seconds, signature, name] = match as unknown as string[];
  const expected = Buffer.from(digest(key, kind!, id!, `${letter}-${seconds}`, name!));
  if (!timingSafeEqual(expected, Buffer.from(signature!))) return undefined;
  const known = FILE_KINDS.find((each) => each === kind);
  if (!known) return undefined;
  const disposition = letter === 'a' ? 'attachment' : 'inline';
  return { kind: known, id: id!, disposition, expires: new Date(Number.parseInt(seconds!, 36) * 1000), name: name! };
}
