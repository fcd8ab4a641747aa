/** What a spreadsheet begins a formula with, the full-width forms of East Asia too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** Where a cell begins too: Excel parts cells at `;` in much of Europe, and knows nothing of our quotes then. */
const WITHIN = /([;\t\r\n]"*)(?=[=+\-@＝＋－＠])/g;

/** A value as text: dates in ISO 8601, objects as JSON, nothing for null. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * One line of a CSV file (RFC 4180). Whatever somebody may have typed is quoted, and cannot be a formula where it is opened.
 * @example csvLine(['=1+1', 3, null]) === `"'=1+1",3,\r\n`
 */
export function csvLine(values: readonly unknown[]): string {
  const cells = values.map((value) => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    const text = plain(value).replaceAll(WITHIN, "$1'");
    return text === '' ? '' : `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  });
  return `${cells.join(',')}\r\n`;
}

/**
 * Lines as a file in UTF-8 that begins with a byte order mark, by which Excel knows it. The next lines are asked for when these are taken.
 * @param ended is called when the file has ended, however it did.
 */
export function csvStream(lines: AsyncGenerator<string>, ended: () => void = () => {}): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode('\uFEFF')),
      async pull(controller) {
        const { value, done } = await lines.next().catch((error: unknown) => {
          ended();
          throw error;
        });
        if (!done) return controller.enqueue(encoder.encode(value));
        ended();
        controller.close();
      },
      async cancel() {
        await lines.return(undefined).finally(ended);
      },
    },
    { highWaterMark: 1 },
  );
}
