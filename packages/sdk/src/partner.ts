import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import {
  type DownloadData,
  type Language,
  type NumsData,
  PARTNER_CALLS,
  type PartnerAnswer,
  type RecipeName,
  type StatusData,
  type UploadData,
} from '@hili/contract';
import { makeToken } from '@hili/contract/token';
import { PartnerError } from './errors.ts';
import { exchange, sleep } from './exchange.ts';

export { HiliError, PartnerError } from './errors.ts';

export interface PartnerAccess {
  /** Base URL, such as `https://photos.example.com`. */
  readonly server: string;
  /** `third_code`. */
  readonly code: string;
  /** `secret_key`; it makes the token of each call and is never sent. */
  readonly secret: string;
  /** Language of `msg`; Chinese unless given. */
  readonly language?: Language;
}

interface Call {
  readonly signal?: AbortSignal | undefined;
}

export type Partner = ReturnType<typeof openPartner>;

/**
 * The four calls of the partner API, version 1. Every call throws `PartnerError` with the wire's `errno`, `HiliError` `UNREACHABLE` when
 * no answer came, or the signal's reason when it is aborted.
 * @example
 * import { writeFile } from 'node:fs/promises';
 * import { openPartner } from '@hili/sdk/partner';
 *
 * const partner = openPartner({ server: 'http://127.0.0.1:3000', code: 'hiliad', secret: 'YOUR-SECRET' });
 * console.log(await partner.creditsLeft());
 * const { mdf } = await partner.upload('old.jpg', { recipe: 'sr,repair,colour' });
 * await writeFile('new.jpg', await partner.result(mdf));
 */
export function openPartner({ server, code, secret, language }: PartnerAccess) {
  async function call<Data>(path: string, fields: Record<string, string | Blob>, { signal }: Call): Promise<Data> {
    const body = new FormData();
    body.set('third_code', code);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const response = await exchange(new URL(path, server), () => ({
      method: 'POST',
      headers: { token: makeToken(secret, Math.floor(Date.now() / 1000)), 'accept-language': language ?? 'zh' },
      body,
      ...(signal && { signal }),
    }));
    const answer = (await response.json().catch((cause) => {
      throw new PartnerError(500, `expected JSON for ${path} but received HTTP ${response.status}`, cause);
    })) as PartnerAnswer<Data>;
    if (answer.code === 200) return answer.data;
    throw new PartnerError(
      answer.errno ?? 500,
      answer.msg ?? `expected an answer of the partner API but received another`,
    );
  }

  const partner = {
    /**
     * Sends a picture, as a path or a blob; a file is read while it is sent. Takes one credit when it succeeds.
     * @param wish `rgb`, the background, belongs to the recipe `bg`.
     * @returns `mdf`, which names the photo from then on, and a link to the uploaded picture.
     */
    async upload(
      file: string | Blob,
      wish: { readonly recipe: RecipeName; readonly rgb?: readonly [number, number, number] },
      options: Call = {},
    ): Promise<UploadData> {
      const picture = typeof file === 'string' ? new File([await openAsBlob(file)], basename(file)) : file;
      const rgb = wish.rgb && { rgb: wish.rgb.join(',') };
      return call<UploadData>(PARTNER_CALLS.upload, { repair_type: wish.recipe, ...rgb, file: picture }, options);
    },

    /** How far a photo is: 100 under way, 200 done. */
    async status(mdf: string, options: Call = {}): Promise<StatusData> {
      return call<StatusData>(PARTNER_CALLS.status, { mdf }, options);
    },

    /** A link to the result, good without headers until the photo is deleted an hour after it was done. */
    async downloadUrl(mdf: string, options: Call = {}): Promise<string> {
      return (await call<DownloadData>(PARTNER_CALLS.download, { mdf }, options)).url;
    },

    /** Uploads that are left now. */
    async creditsLeft(options: Call = {}): Promise<number> {
      return (await call<NumsData>(PARTNER_CALLS.nums, {}, options)).nums;
    },

    /**
     * Waits until a photo is done and gives the restored JPEG as a stream.
     * @param options `every` milliseconds between two questions (1000); `onProgress` sees 0 to 1.
     */
    async result(
      mdf: string,
      options: Call & { readonly every?: number; readonly onProgress?: (progress: number) => void } = {},
    ): Promise<ReadableStream<Uint8Array>> {
      for (;;) {
        const { status, progress } = await partner.status(mdf, options);
        options.onProgress?.(status === 200 ? 1 : (progress ?? 0));
        if (status === 200) break;
        await sleep(options.every ?? 1000, options.signal);
      }
      const url = await partner.downloadUrl(mdf, options);
      const response = await exchange(new URL(url), () => (options.signal ? { signal: options.signal } : {}));
      if (!response.ok || !response.body)
        throw new PartnerError(500, `expected the result of ${mdf} but received HTTP ${response.status}`);
      return response.body;
    },
  };
  return partner;
}
