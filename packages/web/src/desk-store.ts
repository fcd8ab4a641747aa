import type { Wish } from '@hili/contract';
import type { TrayPhoto } from './tray.ts';

/** A photo as it lies on a desk, but for its file, which several may share. */
export type Lying = Pick<TrayPhoto, 'id' | 'name' | 'edit' | 'wish'> & { readonly file: string };

/** What lies on the desk of one page of this browser. */
export interface KeptDesk {
  readonly desk: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly wish: Wish | undefined;
  readonly photos: readonly Lying[];
}

interface KeptFile {
  readonly id: string;
  readonly desk: string;
  readonly file: File;
}

/** Where the browser keeps them; the number goes up when older ones can no longer be read. */
const NAME = 'hili.desks.1';
const DESKS = 'desks';
const FILES = 'files';

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(DESKS, { keyPath: 'desk' });
      request.result.createObjectStore(FILES, { keyPath: 'id' }).createIndex('desk', 'desk');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Resolves when what was asked for is on the disk. Rejects where the browser forbids it, or the disk is full. */
async function write(act: (desks: IDBObjectStore, files: IDBObjectStore) => void): Promise<void> {
  const all = (await open()).transaction([DESKS, FILES], 'readwrite');
  const done = new Promise<void>((resolve, reject) => {
    all.oncomplete = () => resolve();
    all.onabort = () => reject(all.error);
  });
  act(all.objectStore(DESKS), all.objectStore(FILES));
  return done;
}

export const putFile = (kept: KeptFile): Promise<void> => write((_desks, files) => void files.put(kept));

export const dropFile = (id: string): Promise<void> => write((_desks, files) => void files.delete(id));

export const putDesk = (kept: KeptDesk): Promise<void> => write((desks) => void desks.put(kept));

/** Forgets a desk with its files. */
export const dropDesk = (desk: string): Promise<void> =>
  write((desks, files) => {
    desks.delete(desk);
    const keys = files.index('desk').getAllKeys(desk);
    keys.onsuccess = () => {
      for (const key of keys.result) files.delete(key);
    };
  });

export const dropAll = (): Promise<void> =>
  write((desks, files) => {
    desks.clear();
    files.clear();
  });

/** The desks of all pages, the latest first. */
export async function readDesks(): Promise<KeptDesk[]> {
  const desks = (await open()).transaction(DESKS).objectStore(DESKS);
  return (await answer<KeptDesk[]>(desks.getAll())).sort((a, b) => b.at - a.at);
}

export async function readFiles(desk: string): Promise<Map<string, File>> {
  const files = (await open()).transaction(FILES).objectStore(FILES);
  const kept = await answer<KeptFile[]>(files.index('desk').getAll(desk));
  return new Map(kept.map(({ id, file }) => [id, file]));
}
