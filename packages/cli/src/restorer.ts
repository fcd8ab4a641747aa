import { createWriteStream, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openEngine, type Report } from '@hili/engine';
import { connect } from '@hili/sdk';
import { openPartner } from '@hili/sdk/partner';
import type { Config } from '@hili/server/config';
import { UsageError } from './failures.ts';
import type { Wish } from './wish.ts';

export interface Watch {
  readonly signal: AbortSignal;
  /** 0 to 1, and the step under way. */
  readonly onProgress: (progress: number, step: string) => void;
}

/** What is known of a result: everything when this machine made it. */
export type Outcome = Partial<Omit<Report, 'output'>> & {
  readonly output: Partial<Report['output']> & { format: Report['output']['format'] };
};

/** Makes one photo new: here, or by a server. */
export interface Restorer {
  /** Photos at once. */
  readonly parallel: number;
  restore(source: string, target: string, wish: Wish, watch: Watch): Promise<Outcome>;
  close(): Promise<void>;
}

/** Restores with the engine on this machine. */
export function localRestorer(config: Config, processes = config.INFERENCE_PROCESSES): Restorer {
  const engine = openEngine({
    processes,
    modelFolders: config.HILI_MODELS ? [config.HILI_MODELS] : [],
    limits: { bytes: config.MAX_UPLOAD_BYTES, pixels: config.MAX_PIXELS, side: config.MAX_SIDE },
    timeoutMs: 1000 * config.JOB_TIMEOUT_SECONDS,
    memoryMb: config.MEMORY_MB,
  });
  return {
    parallel: processes,
    restore: (source, target, { recipe, ...options }, { signal, onProgress }) =>
      engine.enhanceFile(source, target, recipe, {
        ...options,
        findFaces: true,
        signal,
        onProgress: ({ progress, step }) => onProgress(progress, step),
      }),
    close: () => engine.close(),
  };
}

/** Restores by a server's partner API, which takes a recipe and a background and gives JPEG. */
export function partnerRestorer(server: string, code: string, secret: string, wish: Wish): Restorer {
  for (const name of ['scale', 'longEdge', 'texture', 'quality', 'keepGps', 'recolour', 'colours'] as const)
    if (wish[name] !== undefined) throw new UsageError(`expected no ${name} with --code: the partner API has none`);
  if ((wish.format ?? 'jpeg') !== 'jpeg')
    throw new UsageError('expected the format jpeg with --code: the partner API makes no other');
  const partner = openPartner({ server, code, secret, language: 'en' });
  return {
    parallel: 4,
    async restore(source, target, { recipe, rgb }, { signal, onProgress }) {
      onProgress(0, 'upload');
      const { mdf } = await partner.upload(source, { recipe, ...(rgb && { rgb }) }, { signal });
      const result = await partner.result(mdf, { signal, onProgress: (progress) => onProgress(progress, 'restore') });
      await pipeline(result, createWriteStream(target), { signal });
      return { output: { format: 'jpeg' } };
    },
    close: async () => {},
  };
}

/** Restores by a server as its guest: a few photos a day, one at a time. */
export function guestRestorer(server: string, wish: Wish): Restorer {
  for (const name of ['quality', 'keepGps'] as const)
    if (wish[name] !== undefined) throw new UsageError(`expected no ${name} with --remote: servers have none`);
  if (wish.format === 'tiff') throw new UsageError('expected jpeg, png, webp or avif with --remote but received tiff');
  const hili = connect(server);
  return {
    parallel: 1,
    async restore(source, target, { format, ...wanted }, { signal, onProgress }) {
      onProgress(0, 'upload');
      const started = performance.now();
      const request = { ...wanted, ...(format && format !== 'tiff' && { format }) };
      const { id } = await hili.upload(await openAsBlob(source), request, { signal, name: basename(source) });
      try {
        const photo = await hili.wait(id, {
          signal,
          onChange: ({ job }) => onProgress(job.progress, job.step ?? 'wait'),
        });
        await pipeline(await hili.result(photo, { signal }), createWriteStream(target), { signal });
        const { format, width, height, bytes } = photo.job.result;
        return {
          ms: Math.round(performance.now() - started),
          output: { format: format as 'jpeg', width, height, bytes },
        };
      } catch (error) {
        if (signal.aborted) await hili.cancel(id).catch(() => {});
        throw error;
      }
    },
    close: async () => {},
  };
}
