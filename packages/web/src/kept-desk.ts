import type { Wish } from '@hili/contract';
import { dropAll, dropDesk, dropFile, type KeptDesk, type Lying, putDesk, putFile, readFiles } from './desk-store.ts';
import { deskWish } from './desk-wish.ts';
import { putAside } from './dispatch.ts';
import { newId } from './ids.ts';
import { readWish } from './presets.ts';
import { isFileFault, layBack, photosIn, type TrayPhoto, tray } from './tray.ts';
import { applying } from './wishes.ts';

const KEPT_MS = 86_400_000;
/** Bytes of files kept at most: a whole gallery shall not fill a phone. */
const MOST = 200_000_000;
/** Milliseconds after which a desk whose page has not let go of it counts as another page's: one that is loaded anew does at once. */
const LETTING_GO_MS = 1_000;

type Release = () => void;

/** The desk of this page: a new one, or one that was brought back. */
let desk = newId();
let release: Release | undefined;

/** Says to the other pages of this browser that a desk is in use, until it is released. @returns undefined when it is another page's. */
function claim(id: string): Promise<Release | undefined> {
  // Not there at plain http: two pages at once are rare.
  if (!navigator.locks) return Promise.resolve(() => undefined);
  const signal = AbortSignal.timeout(LETTING_GO_MS);
  return new Promise((resolve) => {
    const held = navigator.locks.request(
      `hili.desk.${id}`,
      { signal },
      () => new Promise<void>((done) => resolve(done)),
    );
    held.catch(() => resolve(undefined));
  });
}

/** What is kept already, by file. */
const kept = new Map<File, string>();
/** Files that were not to be kept: they are not tried again at each change. */
const unkept = new WeakSet<File>();

const notStarted = (): TrayPhoto[] =>
  [...photosIn('chosen'), ...photosIn('failed')].filter(({ problem }) => !isFileFault(problem));

async function keepFile(file: File): Promise<void> {
  if (kept.has(file) || unkept.has(file)) return;
  const bytes = [...kept.keys()].reduce((sum, { size }) => sum + size, file.size);
  const id = newId();
  const put = bytes > MOST ? Promise.reject() : putFile({ id, desk, file });
  await put.then(
    () => kept.set(file, id),
    () => unkept.add(file),
  );
}

/** Keeps what has not been started, and nothing else. */
async function keep(): Promise<void> {
  const photos = notStarted();
  if (photos.length === 0) {
    release?.();
    release = undefined;
    kept.clear();
    return dropDesk(desk);
  }
  release ??= await claim(desk);
  for (const { file } of photos) await keepFile(file);
  for (const [file, id] of kept)
    if (!photos.some((photo) => photo.file === file)) {
      kept.delete(file);
      await dropFile(id);
    }
  const lying = photos.flatMap(({ id, name, edit, wish, file }): Lying[] => {
    const is = kept.get(file);
    return is === undefined ? [] : [{ id, name, edit, wish, file: is }];
  });
  await putDesk({ desk, at: Date.now(), wish: deskWish.get(), photos: lying });
}

/** What of the tray is worth writing down again when it changes: not how much of a photo has been sent. */
const said = () => JSON.stringify([notStarted().map(({ key, edit }) => [key, edit]), deskWish.get()]);

let before = JSON.stringify([[], undefined]);
let under = false;

/** Writes each change down, one after the other; of those that come meanwhile, the last. */
async function follow(): Promise<void> {
  if (under) return;
  under = true;
  // Where the browser keeps nothing, or is full, a reload begins anew.
  for (let now = said(); now !== before; now = said()) {
    before = now;
    await keep().catch(() => undefined);
  }
  under = false;
}
tray.subscribe(follow);
deskWish.subscribe(follow);
void follow();

const wishOf = (value: unknown): Wish | undefined => {
  const wish = readWish(value);
  return wish && applying({ ...wish, recolour: (value as Wish).recolour === true || undefined } as Wish);
};

/** @returns false when something was chosen meanwhile: what is in the visitor's hand comes first. */
async function layOut({ desk: id, wish, photos }: KeptDesk, held: Release): Promise<boolean> {
  const files = await readFiles(id);
  if (tray.get().photos.length > 0) return false;
  desk = id;
  release = held;
  for (const [key, file] of files) kept.set(file, key);
  deskWish.set(wishOf(wish));
  layBack(
    photos.flatMap(({ file: key, ...photo }) => {
      const file = files.get(key);
      return file ? [{ ...photo, file }] : [];
    }),
  );
  return true;
}

/** Lays out again what lay on a desk of this browser whose page was closed or loaded anew. @param desks the latest first. */
export async function bringBack(desks: readonly KeptDesk[]): Promise<void> {
  for (const one of desks)
    if (Date.now() - one.at > KEPT_MS) await dropDesk(one.desk).catch(() => undefined);
    else if (tray.get().photos.length === 0) {
      const held = await claim(one.desk);
      if (held && !(await layOut(one, held).catch(() => false))) held();
    }
}

/** Takes everything off the desk that has not been started, and has the browser forget it: the next one at it may be somebody else. */
export function clearDesk(): void {
  for (const { key } of [...photosIn('chosen'), ...photosIn('failed')]) putAside(key);
  void dropAll().catch(() => undefined);
}
