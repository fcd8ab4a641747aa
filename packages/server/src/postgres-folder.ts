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

/** What `database.json` says: where the database of a data folder lies, and which data folder that is. */
interface Note {
  readonly of: string;
  readonly database: string;
}

/**
 * Where the database of a data folder lies. As root that is another place, named after the data folder's path: a file keeps the two
 * together when the data folder is moved.
 * @throws Error when the data folder has a database already and it is not there, or belongs to the folder this one is a copy of, or to
 * another user: an empty one in its stead would lose every account, and then the pictures that it does not name.
 */
export async function findPostgresFolder(dataFolder: string): Promise<string> {
  const usual = postgresFolder(dataFolder);
  const note = await readNote(dataFolder);
  if (usual.startsWith(dataFolder)) {
    if (note && !hasData(usual))
      throw new Error(
        `expected root, as whom ${dataFolder} was used before, but received another user: the database is in ${note.database}. ${anew(dataFolder)}`,
      );
    return usual;
  }
  if (!note) {
    const beside = join(dataFolder, 'postgres');
    if (hasData(beside) && !hasData(usual))
      throw new Error(
        `expected the user whose database is in ${beside} but received root: start as that user, or move that folder away to begin with an empty database`,
      );
    return usual;
  }
  if (note.of !== dataFolder && (await readNote(note.of))?.database === note.database)
    throw new Error(
      `expected a data folder of its own in ${dataFolder} but received a copy of ${note.of}, to which the database in ${note.database} belongs: start on that one, or move it away. ${anew(dataFolder)}`,
    );
  if (!hasData(note.database))
    throw new Error(
      `expected the database of ${dataFolder} in ${note.database} but received none there: restore that folder (of a container it has to be a volume). ${anew(dataFolder)}`,
    );
  return note.database;
}

/** Notes where the database of a data folder lies, once it has been made there: one whose making was cut short is not missed. */
export async function notePostgresFolder(dataFolder: string, database: string): Promise<void> {
  if (database.startsWith(dataFolder)) return;
  const known = await readNote(dataFolder);
  if (known?.of === dataFolder && known.database === database) return;
  const aside = `${noteFile(dataFolder)}.${randomUUID()}`;
  await mkdir(dataFolder, { recursive: true });
  await writeFile(aside, `${JSON.stringify({ of: dataFolder, database } satisfies Note)}\n`);
  await rename(aside, noteFile(dataFolder));
}

const noteFile = (dataFolder: string) => join(dataFolder, 'database.json');
const hasData = (database: string) => existsSync(join(database, 'data', 'PG_VERSION'));
const anew = (dataFolder: string) => `To begin with an empty database, delete ${noteFile(dataFolder)}`;

async function readNote(dataFolder: string): Promise<Note | undefined> {
  const text = await readFile(noteFile(dataFolder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { of, database } = JSON.parse(text) as Partial<Note>;
    if (of && database) return { of, database };
  } catch {}
  throw new Error(
    `expected "of" and "database" in ${noteFile(dataFolder)} but received ${JSON.stringify(text.slice(0, 200))}: restore that file. ${anew(dataFolder)}`,
  );
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
