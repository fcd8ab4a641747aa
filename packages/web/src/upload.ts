import { API, type PhotoView, RESUMABLE_BYTES, type Wish, wishFields } from '@hili/contract';
import { codeOf, failureOf, RequestError, request } from './client.ts';
import { forgetDraft, hasDraft, sendDraft } from './drafts.ts';
import { type Attempt, persevere, type Way } from './patience.ts';
import type { TrayPhoto } from './tray.ts';

/** Milliseconds in which the server judges a photo that has arrived. */
const JUDGING_MS = 120_000;

/** Whether a file is a TIFF: browsers do not show it, so its result is asked for as PNG, which they do. */
const isTiff = (file: File): boolean => file.type === 'image/tiff' || /\.tiff?$/i.test(file.name);

/** Pictures in memory of photos that were sent from this page, by photo id: shown until the server's own preview is there. */
const sentFrom = new Map<string, string>();
export const localPreview = (id: string): string | undefined => sentFrom.get(id);
export const keepPreview = (id: string, url: string): void => void sentFrom.set(id, url);

function form(file: File, fields: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  // Behind the fields, so that the server knows what is wanted before the bytes arrive.
  data.append('file', file, file.name || 'photo');
  return data;
}

/** One attempt to send a whole form, by XMLHttpRequest since fetch tells nothing of an upload's progress. */
function post(data: FormData, { signal, moved }: Attempt, onSent: Way['onSent']): Promise<PhotoView> {
  const xhr = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    xhr.upload.onprogress = ({ loaded, total }) => {
      moved(loaded < total ? undefined : JUDGING_MS);
      onSent(total > 0 ? loaded / total : 0);
    };
    xhr.onload = () => {
      // 200 for a photo that an earlier attempt has made.
      if (xhr.status === 200 || xhr.status === 201) resolve(JSON.parse(xhr.responseText) as PhotoView);
      else reject(failureOf(xhr.status, xhr.responseText, xhr.getResponseHeader('retry-after')));
    };
    xhr.onerror = () => reject(new RequestError('OFFLINE'));
    signal.addEventListener('abort', () => xhr.abort());
    xhr.open('POST', `${API}/photos`);
    xhr.send(data);
  });
}

/** Starts a photo of a file that the server has, or gets first. A file that it has forgotten meanwhile is sent once more. */
async function startDraft(file: File, fields: Readonly<Record<string, string>>, way: Way): Promise<PhotoView> {
  for (let again = false; ; again = true) {
    const upload = await sendDraft(file, way);
    try {
      return await persevere(() => request<PhotoView>('POST', '/photos', { ...fields, upload }), way);
    } catch (error) {
      if (codeOf(error) !== 'DATA_NOT_FOUND' || again) throw error;
      forgetDraft(file);
    }
  }
}

/** Whether a file is sent bit by bit, so that it goes on where it was when the connection breaks. */
const isResumable = (file: File): boolean => hasDraft(file) || file.size > RESUMABLE_BYTES;

/** Whether it does so even when the page is loaded anew and the file chosen again: at plain http it is not known again. */
export const survivesReload = (file: File): boolean => isResumable(file) && isSecureContext;

/**
 * Sends a photo with its wish: small ones in one go, large ones bit by bit. Broken connections, and a server that is busy, are waited for;
 * since the photo has its id from here, it is made and charged once.
 * @throws RequestError; the signal's reason.
 */
export function sendPhoto({ id, file }: TrayPhoto, wish: Wish, way: Way): Promise<PhotoView> {
  const fields = { id, ...wishFields({ ...(isTiff(file) && { format: 'png' }), ...wish }) };
  if (isResumable(file)) return startDraft(file, fields, way);
  return persevere((attempt) => post(form(file, fields), attempt, way.onSent), way);
}
