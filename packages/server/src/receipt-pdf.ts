import type { Language, Receipt } from '@hili/contract';
import PDFDocument from 'pdfkit';
import { type Lettering, openLettering, type Weight } from './receipt-fonts.ts';

/** In points: A4 is 595 x 842. */
const PAGE = { left: 54, right: 541, top: 60 } as const;
const BRAND = 'Hili PhotoEnhance';
/** Stands for a letter that no font has. */
const UNKNOWN = '?';
/** Between lines, in heights of a letter. */
const LEADING = 1.45;

interface Style {
  readonly x?: number;
  readonly width?: number;
  readonly size?: number;
  readonly weight?: Weight;
  readonly align?: 'start' | 'end' | 'middle';
}

/** A receipt as a PDF of one page of A4, black on white; its letters are real text, with the fonts that set them. */
export async function receiptPdf(receipt: Receipt, language: Language): Promise<Buffer> {
  const lettering = await openLettering(`${JSON.stringify(receipt)}${BRAND}${UNKNOWN}'`, language);
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: 0, lang: language, displayTitle: true },
    info: { Title: receipt.title, Author: BRAND, Creator: BRAND },
  });
  const parts: Buffer[] = [];
  doc.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => doc.on('end', resolve));
  for (const [name, font] of lettering.fonts) doc.registerFont(name, font);
  drawReceipt(doc, openPen(doc, lettering), receipt);
  doc.end();
  await ended;
  return Buffer.concat(parts);
}

function drawReceipt(doc: PDFKit.PDFDocument, pen: ReturnType<typeof openPen>, receipt: Receipt): void {
  const { title, demo, seller, buyer, facts, head, rows, total } = receipt;
  const { left, right, top } = PAGE;
  const middle = (left + right) / 2;
  const line = (y: number, thickness: number) =>
    doc.moveTo(left, y).lineTo(right, y).lineWidth(thickness).stroke('#000');

  pen.write(BRAND, top + 8, { weight: 700, size: 13, align: 'end' });
  let y = pen.write(title, top, { weight: 700, size: 24 }) + 8;
  line(y, 1.4);
  y += 22;
  if (demo) {
    const end = pen.write(demo, y + 6, { weight: 700, align: 'middle' });
    doc
      .rect(left, y, right - left, end - y + 6)
      .lineWidth(1.4)
      .stroke('#000');
    y = end + 30;
  }
  const parties = [seller, buyer].map(({ name, lines }, at) => {
    const place = { x: at === 0 ? left : middle, width: middle - left - 12 };
    let below = pen.write(name, y, place);
    for (const each of lines) below = pen.write(each, below, { ...place, weight: 700 });
    return below;
  });
  y = Math.max(...parties) + 22;
  for (const [name, value] of facts) {
    pen.write(name, y, { width: 150 });
    y = pen.write(value, y, { x: left + 160, width: right - left - 160, weight: 700 }) + 3;
  }
  y += 22;
  for (const [at, [item, price]] of [head, ...rows].entries()) {
    pen.write(price, y, { align: 'end' });
    y = pen.write(item, y, { width: right - left - 130 }) + 6;
    line(y, at === 0 ? 0.9 : 0.4);
    y += 9;
  }
  pen.write(total[1], y, { weight: 700, size: 15, align: 'end' });
  pen.write(total[0], y + 2, { weight: 700, size: 12 });
}

/** Writes lines whose letters come from several fonts, which pdfkit itself does not. */
function openPen(doc: PDFKit.PDFDocument, { fontOf }: Lettering) {
  function runs(text: string, weight: Weight): { font: string; text: string }[] {
    const found: { font: string; text: string }[] = [];
    // The font of blanks has only the plain one; those of East Asia set an apostrophe as wide as their letters.
    for (const sign of text.replaceAll(/\s/gu, ' ').replaceAll('’', "'")) {
      const letter = fontOf(sign, weight) ? sign : UNKNOWN;
      const font = fontOf(letter, weight) ?? '';
      const last = found.at(-1);
      if (last?.font === font) last.text += letter;
      else found.push({ font, text: letter });
    }
    return found;
  }
  const widthOf = (text: string, weight: Weight) =>
    runs(text, weight).reduce((sum, run) => sum + doc.font(run.font).widthOfString(run.text), 0);
  /** Breaks between words, and between any two letters that are wide. */
  function* linesOf(text: string, weight: Weight, width: number): Generator<string> {
    let line = '';
    for (const piece of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/gu) ?? []) {
      if (line && widthOf((line + piece).trimEnd(), weight) > width) {
        yield line.trimEnd();
        line = '';
      }
      line += piece;
    }
    yield line.trimEnd();
  }
  return {
    /** @returns the y below what was written. */
    write(text: string, y: number, { x = PAGE.left, width, size = 10.5, weight = 400, align = 'start' }: Style) {
      const room = width ?? PAGE.right - x;
      doc.fontSize(size).fillColor('#000');
      let below = y;
      for (const line of linesOf(text, weight, room)) {
        const free = room - widthOf(line, weight);
        let at = x + { start: 0, middle: free / 2, end: free }[align];
        for (const run of runs(line, weight)) {
          doc.font(run.font).text(run.text, at, below, { lineBreak: false });
          at += doc.widthOfString(run.text);
        }
        below += size * LEADING;
      }
      return below;
    },
  };
}
