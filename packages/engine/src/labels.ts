import { randomUUID } from 'node:crypto';

/** Who made a result: the operator's registered code, and a reference of the run. */
export interface Label {
  readonly producer?: string;
  readonly id?: string;
}

const AIGC = 'http://www.tc260.org.cn/ns/AIGC/1.0/';
const IPTC = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';
const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
/** One APP1 segment of a JPEG holds 65,502 bytes of XMP. A longer packet gives way to the label. */
const LONGEST = 60_000;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The metadata label of China's rules for synthetic content (GB 45438-2025); Label 1 says "is". */
function aigc({ producer = 'hili-photoenhance', id = randomUUID() }: Label): string {
  const fields = {
    Label: '1',
    ContentProducer: producer,
    ProduceID: id,
    ReservedCode1: '',
    ContentPropagator: '',
    PropagateID: '',
    ReservedCode2: '',
  };
  return `<TC260:AIGC xmlns:TC260="${AIGC}">${escaped(JSON.stringify(fields))}</TC260:AIGC>`;
}

const sourceType = `<Iptc4xmpExt:DigitalSourceType xmlns:Iptc4xmpExt="${IPTC}">${SOURCE}compositeWithTrainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>`;

/** The packet without the kind of source that it stated, unless that was a network already. */
function withoutSource(xmp: string): string {
  return xmp
    .replaceAll(/\s+[\w.-]+:DigitalSourceType\s*=\s*("[^"]*"|'[^']*')/g, '')
    .replaceAll(/<([\w.-]+:DigitalSourceType)\b[^>]*?(\/>|>[\s\S]*?<\/\1\s*>)/g, '');
}

/**
 * Adds to an XMP packet, or makes one, that says a network has worked on the picture: China's AIGC field and IPTC's DigitalSourceType.
 * Labels that say so already stay.
 */
export function labelled(xmp: string | undefined, label: Label = {}): string {
  const packet = xmp && xmp.length < LONGEST && /<\/rdf:RDF\s*>/.test(xmp) ? xmp : undefined;
  const marked = packet?.includes(AIGC) && /:AIGC\b/.test(packet);
  const synthetic = packet?.includes('/trainedAlgorithmicMedia');
  const about = /\brdf:about\s*=\s*("[^"]*"|'[^']*')/.exec(packet ?? '')?.[1] ?? '""';
  const fields = `${synthetic ? '' : sourceType}${marked ? '' : aigc(label)}`;
  const description = fields && `<rdf:Description rdf:about=${about}>${fields}</rdf:Description>`;
  if (packet) return (synthetic ? packet : withoutSource(packet)).replace(/<\/rdf:RDF\s*>/, (end) => description + end);
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${description}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}
