import {
  API,
  type JobView,
  MeView,
  PhotoView,
  type PrintView,
  PrintViews,
  Problem,
  UPLOADS,
  type Wish,
  wishFields,
} from '@hili/contract';
import { HiliError } from './errors.ts';
import { exchange, sleep } from './exchange.ts';

interface Call {
  readonly signal?: AbortSignal | undefined;
}

/** A picture that the server has, and that is no photo yet. */
export interface Draft {
  readonly upload: string;
}

/** A photo whose job is done. */
export type DonePhoto = PhotoView & { readonly job: JobView & { readonly result: NonNullable<JobView['result']> } };

export type Hili = ReturnType<typeof connect>;

/** Digits that name a photo, or a run, before it is made: whatever is sent twice under them is made, and charged, once. */
const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** UTF-8 as base64. */
const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

const nameOf = (file: Blob, name: string | undefined): string => name ?? (file instanceof File ? file.name : 'photo');

function form(wish: Wish): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(wishFields(wish))) body.set(name, value);
  return body;
}

/**
 * Connects to a server as a guest: the same photos are seen as long as the same object is used (in a browser: the same cookie).
 * Every call throws `HiliError`, or the signal's reason when it is aborted.
 * @example
 * import { openAsBlob } from 'node:fs';
 * import { writeFile } from 'node:fs/promises';
 * import { connect } from '@hili/sdk';
 *
 * const hili = connect('http://127.0.0.1:3000');
 * const photo = await hili.upload(await openAsBlob('old.jpg'), { recipe: 'sr,repair' }, { name: 'old.jpg' });
 * const done = await hili.wait(photo.id);
 * await writeFile('new.jpg', await hili.result(done));
 */
export function connect(server: string) {
  const cookies = new Map<string, string>();
  let greeting: Promise<MeView> | undefined;

  async function call(
    method: string,
    path: string,
    { signal }: Call,
    body?: Blob | FormData | object,
    more: { readonly headers?: Record<string, string>; readonly once?: boolean } = {},
  ): Promise<Response> {
    const url = new URL(path, server);
    const own = url.origin === new URL(server).origin;
    const headers = new Headers({ accept: 'application/json', ...more.headers });
    // A browser keeps its cookies itself and hides them from us: then this map stays empty.
    if (own && cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    const isJson = body && !(body instanceof FormData || body instanceof Blob);
    if (isJson) headers.set('content-type', 'application/json');
    const make = () => ({
      method,
      headers,
      ...(body && { body: isJson ? JSON.stringify(body) : (body as Blob | FormData) }),
      ...(signal && { signal }),
    });
    const response = await exchange(url, make, more.once);
    for (const cookie of own ? response.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    if (response.ok) return response;
    const problem = Problem.safeParse(await response.json().catch(() => undefined));
    if (problem.success) throw new HiliError(problem.data.code, problem.data);
    throw new HiliError('INTERNAL', { detail: `expected an answer of this API but received HTTP ${response.status}` });
  }

  const photoPath = (id: string) => `${API}/photos/${encodeURIComponent(id)}`;
  const uploadPath = ({ upload }: Draft) => `${UPLOADS}/${encodeURIComponent(upload)}`;

  /** Has us known before what is sent twice, so that it is the same guest who sends it. */
  async function greet(): Promise<void> {
    greeting ??= hili.me();
    greeting.catch(() => {
      greeting = undefined;
    });
    await greeting;
  }

  /** Makes a photo, or runs it again, once, however often the request has to be sent. */
  async function make(path: string, body: FormData | Record<string, string>, options: Call): Promise<PhotoView> {
    await greet();
    const id = newId();
    if (body instanceof FormData) body.set('id', id);
    const whole = body instanceof FormData ? body : { ...body, id };
    return PhotoView.parse(await (await call('POST', path, options, whole, { once: true })).json());
  }

  const hili = {
    /** Who is asking, and how many photos are left. */
    async me(options: Call = {}): Promise<MeView> {
      return MeView.parse(await (await call('GET', `${API}/me`, options)).json());
    },

    /**
     * Sends a photo and has it restored. A blob of a file is read while it is sent. Where no answer comes, it is sent again, and made and
     * charged once all the same.
     */
    async upload(file: Blob, wish: Wish, options: Call & { readonly name?: string } = {}): Promise<PhotoView> {
      const body = form(wish);
      body.set('file', file, nameOf(file, options.name));
      return make(`${API}/photos`, body, options);
    },

    /** Sends a picture to look at first. It is no photo yet, costs nothing, and is kept for an hour. */
    async draft(file: Blob, options: Call & { readonly name?: string } = {}): Promise<Draft> {
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-length': String(file.size),
        'upload-metadata': `filename ${base64(nameOf(file, options.name))}`,
        'content-type': 'application/offset+octet-stream',
      };
      const response = await call('POST', UPLOADS, options, file, { headers });
      return { upload: String(response.headers.get('location')?.split('/').at(-1)) };
    },

    /** A draft as a JPEG, upright, 1600 px at most, whatever it was sent as. */
    async preview(draft: Draft, options: Call = {}): Promise<Blob> {
      return (await call('GET', `${uploadPath(draft)}/preview`, options)).blob();
    },

    /** Has a draft restored, or a part of it; as often as one likes, each time a photo of its own. */
    async restore({ upload }: Draft, wish: Wish, options: Call = {}): Promise<PhotoView> {
      return make(`${API}/photos`, { ...wishFields(wish), upload }, options);
    },

    /** Deletes a draft now; the photos made of it stay. */
    async discard(draft: Draft, options: Call = {}): Promise<void> {
      await call('DELETE', uploadPath(draft), options, undefined, { headers: { 'tus-resumable': '1.0.0' } });
    },

    /** Every photo that is still kept, newest first. */
    async photos(options: Call = {}): Promise<PhotoView[]> {
      return PhotoView.array().parse(await (await call('GET', `${API}/photos`, options)).json());
    },

    async photo(id: string, options: Call = {}): Promise<PhotoView> {
      return PhotoView.parse(await (await call('GET', photoPath(id), options)).json());
    },

    /**
     * Runs another recipe, or the same one differently, on a photo that is still kept: twice at no cost once it has been paid for. Where no
     * answer comes, it is asked for again, and run and charged once all the same.
     */
    async again(id: string, wish: Wish, options: Call = {}): Promise<PhotoView> {
      return make(`${photoPath(id)}/jobs`, wishFields(wish), options);
    },

    /** Finds the prints that lie side by side on a scan, in reading order: settings for `restore` of a draft, or `copy` of a photo. */
    async prints(of: Draft | string, options: Call = {}): Promise<PrintView[]> {
      const path = typeof of === 'string' ? photoPath(of) : uploadPath(of);
      return PrintViews.parse(await (await call('GET', `${path}/prints`, options)).json());
    },

    /** Makes a photo of its own from the same picture, such as one print of a scan. */
    async copy(id: string, wish: Wish, options: Call = {}): Promise<PhotoView> {
      return make(`${photoPath(id)}/copies`, wishFields(wish), options);
    },

    /** Stops the job of a photo; nothing is charged. */
    async cancel(id: string, options: Call = {}): Promise<void> {
      await call('POST', `${photoPath(id)}/cancel`, options);
    },

    /** Deletes both pictures now. */
    async remove(id: string, options: Call = {}): Promise<void> {
      await call('DELETE', photoPath(id), options);
    },

    /**
     * Asks until the job of a photo is done.
     * @param options `every` milliseconds (500); `onChange` sees each answer.
     * @throws HiliError with the job's own code when it failed.
     */
    async wait(
      id: string,
      options: Call & { readonly every?: number; readonly onChange?: (photo: PhotoView) => void } = {},
    ): Promise<DonePhoto> {
      for (;;) {
        const photo = await hili.photo(id, options);
        options.onChange?.(photo);
        if (photo.job.state === 'failed')
          throw new HiliError(photo.job.error ?? 'INTERNAL', {
            detail: `expected a result for photo ${id} but received none`,
          });
        if (photo.job.result) return photo as DonePhoto;
        await sleep(options.every ?? 500, options.signal);
      }
    },

    /** The restored picture as a stream. */
    async result(photo: DonePhoto, options: Call = {}): Promise<ReadableStream<Uint8Array>> {
      const { body } = await call('GET', photo.job.result.downloadUrl, options);
      return body as ReadableStream<Uint8Array>;
    },
  };
  return hili;
}
