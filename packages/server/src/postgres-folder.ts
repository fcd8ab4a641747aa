import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHARED_FOLDER, unprivileged } from './postgres-binaries.ts';

/** A Unix socket's path holds 107 bytes on Linux and 103 on macOS; ours ends in `/.s.PGSQL.5432`, 15 bytes. */
const SOCKET_FOLDER_BYTES = 88;

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** Where the database of a data folder lies at first: beside the photos, or as root where nobody can reach it. */
export function postgresFolder(dataFolder: string): string {
  return process.getuid?.() === 0 ? join(SHARED_FOLDER, short(dataFolder)) : join(dataFolder, 'postgres');
}

/**
 * Where the database of a data folder lies. As root that is another place, named after the data folder's path: a file keeps the two
 * together when the data folder is moved. A copy starts with a database of its own.
 */
export async function findPostgresFolder(dataFolder: string): Promise<string> {
  const usual = postgresFolder(dataFolder);
  if (usual.startsWith(dataFolder)) return usual;
  const note = join(dataFolder, 'database.json');
  const noted = await readFile(note, 'utf8').catch(() => undefined);
  const { of, database } = (noted === undefined ? {} : JSON.parse(noted)) as { of?: string; database?: string };
  if (of === dataFolder && database) return database;
  const chosen = of && database && !existsSync(of) ? database : usual;
  await mkdir(dataFolder, { recursive: true });
  const aside = `${note}.${randomUUID()}`;
  await writeFile(aside, `${JSON.stringify({ of: dataFolder, database: chosen })}\n`);
  await rename(aside, note);
  return chosen;
}

/** A folder that only PostgreSQL's user can enter: with `trust`, whoever reaches the socket is let in. */
export async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
}

/** The folder of the socket: inside the database's folder, or a short one when that path is too long for a socket. */
export async function socketFolder(folder: string): Promise<string> {
  const inside = join(folder, 'run');
  const chosen =
    Buffer.byteLength(inside) <= SOCKET_FOLDER_BYTES
      ? inside
      : join(tmpdir(), `hili-${process.getuid?.()}-${short(folder)}`);
  await ownFolder(chosen);
  const found = await lstat(chosen);
  const owner = unprivileged().uid ?? process.getuid?.();
  if (!found.isDirectory() || (owner !== undefined && found.uid !== owner))
    throw new Error(`expected a folder of our own for the database's socket but received another's: ${chosen}`);
  return chosen;
}
