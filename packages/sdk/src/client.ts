import {
  API,
  type JobView,
  MeView,
  PhotoView,
  type PrintView,
  PrintViews,
  Problem,
  type Wish,
  wishFields,
} from '@hili/contract';
import { HiliError } from './errors.ts';
import { exchange, sleep } from './exchange.ts';

interface Call {
  readonly signal?: AbortSignal | undefined;
}

/** A photo whose job is done. */
export type DonePhoto = PhotoView & { readonly job: JobView & { readonly result: NonNullable<JobView['result']> } };

export type Hili = ReturnType<typeof connect>;

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

  async function call(method: string, path: string, { signal }: Call, body?: FormData | object): Promise<Response> {
    const url = new URL(path, server);
    const own = url.origin === new URL(server).origin;
    const headers = new Headers({ accept: 'application/json' });
    // A browser keeps its cookies itself and hides them from us: then this map stays empty.
    if (own && cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    const isForm = body instanceof FormData;
    if (body && !isForm) headers.set('content-type', 'application/json');
    const response = await exchange(url, () => ({
      method,
      headers,
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    }));
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

  const hili = {
    /** Who is asking, and how many photos are left. */
    async me(options: Call = {}): Promise<MeView> {
      return MeView.parse(await (await call('GET', `${API}/me`, options)).json());
    },

    /** Sends a photo and has it restored. A blob of a file is read while it is sent. */
    async upload(file: Blob, wish: Wish, options: Call & { readonly name?: string } = {}): Promise<PhotoView> {
      const body = form(wish);
      body.set('file', file, options.name ?? (file instanceof File ? file.name : 'photo'));
      return PhotoView.parse(await (await call('POST', `${API}/photos`, options, body)).json());
    },

    /** Every photo that is still kept, newest first. */
    async photos(options: Call = {}): Promise<PhotoView[]> {
      return PhotoView.array().parse(await (await call('GET', `${API}/photos`, options)).json());
    },

    async photo(id: string, options: Call = {}): Promise<PhotoView> {
      return PhotoView.parse(await (await call('GET', photoPath(id), options)).json());
    },

    /** Runs another recipe, or the same one differently, on a photo that is still kept: twice at no cost once it has been paid for. */
    async again(id: string, wish: Wish, options: Call = {}): Promise<PhotoView> {
      return PhotoView.parse(await (await call('POST', `${photoPath(id)}/jobs`, options, wishFields(wish))).json());
    },

    /** Finds the prints that lie side by side on a scan: settings for `copy`, in reading order. */
    async prints(id: string, options: Call = {}): Promise<PrintView[]> {
      return PrintViews.parse(await (await call('GET', `${photoPath(id)}/prints`, options)).json());
    },

    /** Makes a photo of its own from the same picture, such as one print of a scan. */
    async copy(id: string, wish: Wish, options: Call = {}): Promise<PhotoView> {
      return PhotoView.parse(await (await call('POST', `${photoPath(id)}/copies`, options, wishFields(wish))).json());
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
