import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { decode, encode } from '../src/codec.ts';
import { labelled, labelOf } from '../src/labels.ts';
import { scene } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-labels-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMPOSITE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';
const packet = (fields: string, attributes = '') =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about='uuid:1' ${attributes}>${fields}</rdf:Description></rdf:RDF></x:xmpmeta>`;

function fieldsOf(xmp: string): unknown {
  const text = /<TC260:AIGC\b[^>]*>([^<]*)</.exec(xmp)?.[1] ?? '';
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&'));
}

it('marks a picture without XMP by China’s AIGC field and IPTC’s source type', () => {
  const xmp = labelled(undefined, { producer: '001191110000ABCDEFGH12300001', id: 'job-7' });
  expect(fieldsOf(xmp)).toEqual({
    Label: '1',
    ContentProducer: '001191110000ABCDEFGH12300001',
    ProduceID: 'job-7',
    ReservedCode1: '',
    ContentPropagator: '',
    PropagateID: '',
    ReservedCode2: '',
  });
  expect(xmp).toContain(COMPOSITE);
});

it('adds the labels to the XMP that is there and keeps the rest', () => {
  const xmp = labelled(packet('<dc:creator>Grandfather</dc:creator>'), { producer: '"<&' });
  expect(xmp).toContain('Grandfather');
  expect(xmp.match(/rdf:about='uuid:1'/g)).toHaveLength(2);
  expect(fieldsOf(xmp)).toMatchObject({ ContentProducer: '"<&' });
  expect(xmp.match(/<\/rdf:RDF>/g)).toHaveLength(1);
});

it('corrects a source type that is true no longer, and leaves a stronger one', () => {
  const camera = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture';
  for (const before of [
    packet(`<Iptc4xmpExt:DigitalSourceType>${camera}</Iptc4xmpExt:DigitalSourceType>`),
    packet('', `Iptc4xmpExt:DigitalSourceType="${camera}"`),
  ]) {
    expect(labelled(before)).not.toContain(camera);
    expect(labelled(before)).toContain(COMPOSITE);
  }
  const made = COMPOSITE.replace('compositeWithTrained', 'trained');
  const after = labelled(packet('', `Iptc4xmpExt:DigitalSourceType="${made}"`));
  expect(after).toContain(made);
  expect(after).not.toContain(COMPOSITE);
});

it('never strips an AIGC label that came with the photo', () => {
  const theirs = packet(
    '<A:AIGC>{"Label":"1","ProduceID":"theirs"}</A:AIGC>',
    'xmlns:A="http://www.tc260.org.cn/ns/AIGC/1.0/"',
  );
  expect(labelled(theirs, { id: 'ours' })).toContain('"ProduceID":"theirs"');
  expect(labelled(theirs, { id: 'ours' })).not.toContain('ours');
});

it('gives up XMP that cannot be read or is too long, rather than the label', () => {
  for (const bad of ['not XML', packet('x'.repeat(70_000))]) expect(labelled(bad)).toContain(COMPOSITE);
});

it('is read back from every format that is written', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const) {
    const path = join(folder, format);
    await encode(scene(64, 48), { exif: {}, xmp: labelled(undefined, { id: 'job-8' }) }, format, path);
    const { xmp } = (await decode(path)).metadata;
    expect(fieldsOf(xmp ?? '')).toMatchObject({ ProduceID: 'job-8' });
    expect(xmp).toContain(COMPOSITE);
  }
});

it('is read back from a packet, as an element or an attribute, ours or not', () => {
  const ours = { producer: '"<&>', id: 'job-9' };
  expect(labelOf(labelled(undefined, ours))).toEqual(ours);
  const space = 'xmlns:A="http://www.tc260.org.cn/ns/AIGC/1.0/"';
  const theirs = '{&quot;ContentProducer&quot;:&quot;P&quot;,&quot;ProduceID&quot;:&quot;theirs&quot;}';
  expect(labelOf(packet('', `${space} A:AIGC="${theirs}"`))).toEqual({ producer: 'P', id: 'theirs' });
  expect(labelOf(packet('<A:AIGC>?</A:AIGC>', space))).toEqual({});
  for (const none of [undefined, packet('<dc:creator>Grandfather</dc:creator>')]) expect(labelOf(none)).toBeUndefined();
});
