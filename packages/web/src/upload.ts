import { API, MAX_UPLOAD_BYTES, type PhotoView, type Wish, wishFields } from '@hili/contract';
import { type ProblemCode, problemCode } from './client.ts';
import { createStore } from './store.ts';

/** A picture on the visitor's side, shown from memory. */
export interface LocalPhoto {
  readonly file: File;
  readonly url: string;
  /** How many files were offered together; only the first is taken. */
  readonly offered: number;
}

/** The way of a photo from the visitor's hand to the server. */
export type Upload =
  | { readonly state: 'empty'; readonly problem?: ProblemCode }
  | { readonly state: 'chosen'; readonly photo: LocalPhoto; readonly problem?: ProblemCode }
  | {
      readonly state: 'sending';
      readonly photo: LocalPhoto;
      readonly wish: Wish;
      readonly sent: number;
      abort(): void;
    };

export const upload = createStore<Upload>({ state: 'empty' });

/** Pictures in memory of photos that were sent from this page, by photo id: shown until the server's own preview is there. */
const sentFrom = new Map<string, string>();
export const localPreview = (id: string): string | undefined => sentFrom.get(id);

/** Names of files that browsers often give no type. */
const PICTURE_NAME = /\.(jpe?g|jfif|png|webp|avif|tiff?|gif|bmp|hei[cf])$/i;
/** What the file dialogue offers. */
export const ACCEPT = 'image/*,.heic,.heif,.tif,.tiff,.bmp';

function refusal(file: File): ProblemCode | undefined {
  if (file.size > MAX_UPLOAD_BYTES) return 'TOO_LARGE';
  if (file.size === 0) return 'PHOTO_DAMAGED';
  const picture = file.type.startsWith('image/') ? file.type !== 'image/svg+xml' : PICTURE_NAME.test(file.name);
  return picture ? undefined : 'UNSUPPORTED_TYPE';
}

function forget(now: Upload): void {
  if (now.state === 'chosen') URL.revokeObjectURL(now.photo.url);
}

/** Takes the first of the files that were dropped, pasted or chosen; a photo under way is left alone. */
export function take(files: Iterable<File>): void {
  const all = [...files];
  const [file] = all;
  const now = upload.get();
  if (!file || now.state === 'sending') return;
  forget(now);
  const problem = refusal(file);
  if (problem) upload.set({ state: 'empty', problem });
  else upload.set({ state: 'chosen', photo: { file, url: URL.createObjectURL(file), offered: all.length } });
}

/** Puts the chosen photo aside again. */
export function putBack(): void {
  forget(upload.get());
  upload.set({ state: 'empty' });
}

/** Whether a file is a TIFF: browsers do not show it, so its result is asked for as PNG, which they do. */
export const isTiff = (file: File): boolean => file.type === 'image/tiff' || /\.tiff?$/i.test(file.name);

function form(file: File, wish: Wish): FormData {
  const fields = new FormData();
  for (const [name, value] of Object.entries(wishFields(wish))) fields.append(name, value);
  if (!wish.format && isTiff(file)) fields.append('format', 'png');
  // Behind the fields, so that the server knows what is wanted before the bytes arrive.
  fields.append('file', file, file.name || 'photo');
  return fields;
}

/** Clears the desk of a photo that has arrived; its picture in memory is kept for its page. */
export function clear({ id }: PhotoView): void {
  const now = upload.get();
  if (now.state !== 'empty') sentFrom.set(id, now.photo.url);
  upload.set({ state: 'empty' });
}

/**
 * Sends the chosen photo, by XMLHttpRequest since fetch tells nothing of an upload's progress.
 * @returns the photo as the server sees it, to be followed by `clear`; undefined when refused or cancelled, which `upload` then says.
 */
export function send(wish: Wish): Promise<PhotoView | undefined> {
  const now = upload.get();
  if (now.state !== 'chosen') return Promise.resolve(undefined);
  const { photo } = now;
  const xhr = new XMLHttpRequest();
  const sending = { state: 'sending', photo, wish, abort: () => xhr.abort() } as const;
  return new Promise((resolve) => {
    const fail = (problem?: ProblemCode) => {
      upload.set({ state: 'chosen', photo, ...(problem && { problem }) });
      resolve(undefined);
    };
    xhr.upload.onprogress = ({ loaded, total }) => upload.set({ ...sending, sent: total > 0 ? loaded / total : 0 });
    xhr.onload = () => {
      if (xhr.status !== 201) return fail(problemCode(xhr.status, xhr.responseText));
      resolve(JSON.parse(xhr.responseText) as PhotoView);
    };
    xhr.onerror = () => fail(navigator.onLine ? 'UPLOAD_FAILED' : 'OFFLINE');
    xhr.onabort = () => fail();
    xhr.open('POST', `${API}/photos`);
    upload.set({ ...sending, sent: 0 });
    xhr.send(form(photo.file, wish));
  });
}
