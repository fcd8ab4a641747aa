/** Reads the text of a response as it comes, such as the live events of a page. */
export function readText(response: Response) {
  if (response.status !== 200) throw new Error(`expected 200 but received ${response.status}`);
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async () => {
    const { done, value } = await reader.read();
    text += value ?? '';
    return done;
  };
  return {
    /**
     * Resolves with all that came, once the words are in it.
     * @throws when the response ends before: read() of an ended stream answers at once, so a loop that went on would let no timer run.
     */
    async until(words: string | RegExp): Promise<string> {
      while (!(typeof words === 'string' ? text.includes(words) : words.test(text)))
        if (await next()) throw new Error(`expected ${words} but the response ended after ${text}`);
      return text;
    },
    /** Resolves with all that came, once the response has ended. */
    async end(): Promise<string> {
      for (let ended = false; !ended; ) ended = await next();
      return text;
    },
    close: () => reader.cancel(),
  };
}
