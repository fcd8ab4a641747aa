import { Readable } from 'node:stream';
import { makeZip } from 'client-zip';

export interface ZipEntry {
  readonly name: string;
  readonly input: Readable | string;
  readonly lastModified: Date;
}

/**
 * A ZIP file of these entries, made while it is read: memory stays the same however large it is. Whoever stops reading closes the file
 * that was on its way; client-zip alone leaves it open, and never ends the iterator.
 */
export function zipStream(entries: AsyncIterable<ZipEntry>): ReadableStream<Uint8Array> {
  let under: Readable | undefined;
  let stopped = false;
  async function* inputs() {
    for await (const { input, ...entry } of entries) {
      if (typeof input === 'string') {
        yield { ...entry, input };
        continue;
      }
      under = input;
      if (stopped) return void input.destroy();
      yield { ...entry, input: Readable.toWeb(input) as ReadableStream };
    }
  }
  const zip = makeZip(inputs()).getReader();
  const stop = () => {
    stopped = true;
    under?.destroy();
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await zip.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        stop();
        throw error;
      }
    },
    async cancel(reason) {
      stop();
      await zip.cancel(reason).catch(() => {});
    },
  });
}
