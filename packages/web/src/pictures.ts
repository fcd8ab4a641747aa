import { codeOf } from './client.ts';
import { fetchPreview } from './drafts.ts';
import { change, findInTray, isFileFault, isInTray, type TrayPhoto, tray } from './tray.ts';

/** Pixels of a thumbnail's longer side at most: a tile has 180 CSS pixels. */
const THUMBNAIL_SIDE = 400;

let busy = false;

/** Draws a picture small. One at a time, or many large ones would need more memory than a phone has. */
async function shrink(picture: Blob): Promise<string> {
  const bitmap = await createImageBitmap(picture, { resizeWidth: THUMBNAIL_SIDE, resizeQuality: 'medium' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  bitmap.close();
  return URL.createObjectURL(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 }));
}

/** Gives every photo that shows this file what has been learnt of it. */
function learn(file: File, changes: Partial<Pick<TrayPhoto, 'url' | 'thumbnail' | 'problem'>>): void {
  for (const photo of tray.get().photos) if (photo.file === file) change(photo.key, changes);
}

const asked = new WeakMap<File, Promise<Blob | undefined>>();

/**
 * Has the server make a picture of a file that this browser cannot show; its sending begins with that. A file that is no photo is found
 * out by the way. @returns undefined when there is none.
 */
export function showUnseen({ file, url }: TrayPhoto): Promise<Blob | undefined> {
  const before = asked.get(file);
  if (before) return before;
  learn(file, { url: undefined });
  if (url) URL.revokeObjectURL(url);
  const preview = askForPreview(file);
  asked.set(file, preview);
  return preview;
}

async function askForPreview(file: File): Promise<Blob | undefined> {
  const way = {
    signal: new AbortController().signal,
    onSent: (sent: number) => previewProgress(file, sent),
    onPause: () => undefined,
  };
  try {
    const preview = await fetchPreview(file, way);
    if (isInTray(file)) learn(file, { url: URL.createObjectURL(preview) });
    return preview;
  } catch (error) {
    // Whatever else went wrong, the photo can be sent all the same.
    if (isFileFault(codeOf(error))) learn(file, { problem: codeOf(error) });
    return undefined;
  }
}

function previewProgress(file: File, sent: number): void {
  for (const photo of tray.get().photos)
    if (photo.file === file && photo.state === 'chosen') change(photo.key, { sent });
}

/** What still needs a thumbnail. A photo that the browser cannot show has none before the server's picture. */
const nextUnseen = () =>
  tray.get().photos.find(({ thumbnail, problem, url }) => thumbnail === undefined && !problem && url !== undefined);

/** Makes the thumbnails of all photos on the tray, one after another. */
export async function makeThumbnails(): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    for (let photo = nextUnseen(); photo; photo = nextUnseen()) {
      const thumbnail = await shrink(photo.file).catch(() => undefined);
      if (thumbnail) settle(photo, thumbnail);
      else await thumbnailOfUnseen(photo);
    }
  } finally {
    busy = false;
  }
}

async function thumbnailOfUnseen(photo: TrayPhoto): Promise<void> {
  const preview = await showUnseen(photo);
  const thumbnail = preview && (await shrink(preview).catch(() => undefined));
  if (thumbnail) settle(photo, thumbnail);
  else if (preview) learn(photo.file, { problem: 'PHOTO_DAMAGED' });
}

function settle({ key, file }: TrayPhoto, thumbnail: string): void {
  if (findInTray(key)) learn(file, { thumbnail });
  else URL.revokeObjectURL(thumbnail);
}
