import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from './log.ts';

/** Bytes that are free for us where a folder lies, or will lie. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && above !== folder) return freeBytes(above);
    throw error;
  }
}

/**
 * Watches the disks of some folders: what is taken in while they fill up ends in a database that stops, with all that is under way.
 * @returns says whether each has more than the reserve free; the first time that it has not is in the log, and when it has again.
 */
export function openDiskRoom(
  folders: readonly string[],
  reserve: number,
  log: Pick<Log, 'error' | 'warn'>,
): () => Promise<boolean> {
  let wasRoom = true;
  return async () => {
    // A disk that does not even say how full it is, is found out by whoever writes to it.
    const free = await Promise.all(folders.map((folder) => freeBytes(folder).catch(() => Number.POSITIVE_INFINITY)));
    const tight = folders.flatMap((folder, at) => (Number(free[at]) < reserve ? [{ folder, free: free[at] }] : []));
    const isRoom = tight.length === 0;
    if (!isRoom && wasRoom)
      log.error({ tight, reserve }, 'too little disk is free; new photos are refused until there is more');
    if (isRoom && !wasRoom) log.warn('there is disk enough again; new photos are taken in');
    wasRoom = isRoom;
    return isRoom;
  };
}
