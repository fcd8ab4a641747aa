import { MAX_UPLOAD_BYTES, type Wish } from '@hili/contract';
import type { ProblemCode } from './client.ts';
import type { Edit } from './edit.ts';
import { newId } from './ids.ts';
import { createStore } from './store.ts';

/** What a photo on its way waits for: its turn, a connection, or a server that is busy. */
export type Pause = 'turn' | 'network' | 'server';

/** A photo on the visitor's side, until it has arrived. */
export interface TrayPhoto {
  readonly key: string;
  /** 32 hex digits by which the server will know it: sent twice, it is made once. */
  readonly id: string;
  readonly file: File;
  /** As its owner calls it. */
  readonly name: string;
  /** A picture of it, in memory; undefined while there is none that this browser shows. */
  readonly url: string | undefined;
  /** The same, small. */
  readonly thumbnail: string | undefined;
  readonly edit: Edit;
  readonly state: 'chosen' | 'sending' | 'failed';
  /** Started by itself: its page follows. */
  readonly alone: boolean;
  /** What it was started with last, the edit included. */
  readonly wish: Wish | undefined;
  /** Share of its bytes that has been sent, 0 to 1. */
  readonly sent: number;
  readonly pause: Pause | undefined;
  /** Why it cannot be worked on, or why the last try failed. */
  readonly problem: ProblemCode | undefined;
}

/** A file that was not taken. */
export interface Refusal {
  readonly name: string;
  readonly problem: ProblemCode;
}

export interface Tray {
  readonly photos: readonly TrayPhoto[];
  /** What was not taken of the files offered last. */
  readonly refused: readonly Refusal[];
  /** Photos offered last that were left out, since only one at a time is allowed. */
  readonly left: number;
  /** Whether what lies there lay there before the page was loaded anew; until others are offered, or one is started. */
  readonly isBack: boolean;
}

const EMPTY: Tray = { photos: [], refused: [], left: 0, isBack: false };

export const tray = createStore<Tray>(EMPTY);

/** Names of files that browsers often give no type. */
const PICTURE_NAME = /\.(jpe?g|jfif|png|webp|avif|tiff?|gif|bmp|hei[cf])$/i;
/** What the file dialogue offers. */
export const ACCEPT = 'image/*,.heic,.heif,.tif,.tiff,.bmp';

/** Why a file is not taken, as far as the page can tell. */
function refusal(file: File): ProblemCode | undefined {
  if (file.size > MAX_UPLOAD_BYTES) return 'TOO_LARGE';
  if (file.size === 0) return 'PHOTO_DAMAGED';
  const picture = file.type.startsWith('image/') ? file.type !== 'image/svg+xml' : PICTURE_NAME.test(file.name);
  return picture ? undefined : 'UNSUPPORTED_TYPE';
}

const chosenOf = (file: File, url: string | undefined, edit: Edit = {}, name = file.name): TrayPhoto => ({
  key: newId(),
  id: newId(),
  file,
  name,
  url,
  thumbnail: undefined,
  edit,
  state: 'chosen',
  alone: false,
  wish: undefined,
  sent: 0,
  pause: undefined,
  problem: undefined,
});

export const photosIn = (state: TrayPhoto['state']): TrayPhoto[] =>
  tray.get().photos.filter((photo) => photo.state === state);

/** Failures that lie in the file: trying again would not help. */
const FILE_FAULTS: readonly (ProblemCode | undefined)[] = [
  'UNSUPPORTED_TYPE',
  'PHOTO_DAMAGED',
  'TOO_LARGE',
  'PHOTO_TOO_LARGE',
];

export const isFileFault = (problem: ProblemCode | undefined): boolean => FILE_FAULTS.includes(problem);

export const findInTray = (key: string): TrayPhoto | undefined => tray.get().photos.find((photo) => photo.key === key);

export const isInTray = (file: File): boolean => tray.get().photos.some((photo) => photo.file === file);

function setPhotos(photos: readonly TrayPhoto[]): void {
  tray.set({ ...tray.get(), photos });
}

export function change(key: string, changes: Partial<Omit<TrayPhoto, 'key' | 'file'>>): void {
  setPhotos(tray.get().photos.map((photo) => (photo.key === key ? { ...photo, ...changes } : photo)));
}

/** Gives a picture's memory back unless another photo shows it. */
function revoke(url: string | undefined): void {
  if (url && !tray.get().photos.some((photo) => photo.url === url || photo.thumbnail === url)) URL.revokeObjectURL(url);
}

/** Takes a photo off the tray. @param keep whether its picture is still shown elsewhere. */
export function takeOff(key: string, keep = false): TrayPhoto | undefined {
  const photo = findInTray(key);
  setPhotos(tray.get().photos.filter((one) => one.key !== key));
  if (!keep) revoke(photo?.url);
  revoke(photo?.thumbnail);
  return photo;
}

/**
 * Lays files that were dropped, pasted or chosen on the tray. Whoever may have several at once adds to what lies there; for others the
 * first takes the place of the one that lies there. Photos on their way are left alone.
 */
export function take(files: readonly File[], several: boolean): void {
  if (files.length === 0) return;
  const refused = files.flatMap((file) => {
    const problem = refusal(file);
    return problem ? [{ name: file.name, problem }] : [];
  });
  const photos = files.filter((file) => !refusal(file));
  const kept = several ? photos : photos.slice(0, 1);
  if (!several && kept.length > 0) for (const { key } of photosIn('chosen')) takeOff(key);
  tray.set({
    photos: [...tray.get().photos, ...kept.map((file) => chosenOf(file, URL.createObjectURL(file)))],
    refused,
    left: photos.length - kept.length,
    isBack: false,
  });
}

/** Lays photos out again that lay there before the page was loaded anew. */
export function layBack(photos: readonly Pick<TrayPhoto, 'id' | 'file' | 'name' | 'edit' | 'wish'>[]): void {
  if (photos.length === 0) return;
  const urls = new Map(photos.map(({ file }) => [file, '']));
  for (const file of urls.keys()) urls.set(file, URL.createObjectURL(file));
  const lying = photos.map((photo) => ({ ...chosenOf(photo.file, urls.get(photo.file)), ...photo }));
  tray.set({ photos: lying, refused: [], left: 0, isBack: true });
}

/** Lays each part of a scan on the tray in place of the whole; of several, each with its number. */
export function split(key: string, edits: readonly Edit[]): void {
  const whole = findInTray(key);
  const nameOf = (at: number) => (edits.length > 1 ? `${whole?.name} (${at + 1})` : whole?.name);
  setPhotos(
    tray
      .get()
      .photos.flatMap((photo) =>
        photo.key === key ? edits.map((edit, at) => chosenOf(photo.file, photo.url, edit, nameOf(at))) : [photo],
      ),
  );
}

/** Marks photos as on their way. Another wish makes another photo, so that the first one's answer is not taken for it. */
export function depart(key: string, wish: Wish, alone: boolean): void {
  const photo = findInTray(key);
  if (!photo) return;
  const whole = { ...wish, ...photo.edit };
  const same = !photo.wish || JSON.stringify(photo.wish) === JSON.stringify(whole);
  const id = same ? photo.id : newId();
  tray.set({ ...tray.get(), isBack: false });
  change(key, { state: 'sending', wish: whole, alone, id, sent: 0, pause: 'turn', problem: undefined });
}
