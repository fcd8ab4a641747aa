import { randomUUID } from 'node:crypto';
import { escapeXml, unescapeXml, usable, without, withProperties } from './xmp.ts';

/** Who made a result: the operator's registered code, and a reference of the run; and whether the picture itself says so. */
export interface Label {
  readonly producer?: string;
  readonly id?: string;
  /** Steps by name: where one of them has changed the photo, the label is also drawn into it. None unless given. */
  readonly visibleAfter?: readonly string[];
}

const AIGC = 'http://www.tc260.org.cn/ns/AIGC/1.0/';
const IPTC = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';
const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

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
  return `<TC260:AIGC xmlns:TC260="${AIGC}">${escapeXml(JSON.stringify(fields))}</TC260:AIGC>`;
}

/**
 * Adds to an XMP packet, or makes one, that says a network has worked on the picture: China's AIGC field and IPTC's DigitalSourceType.
 * An AIGC field that is there already stays, and so does a source type that says the picture is a network's altogether.
 */
export function labelled(xmp: string | undefined, label: Label = {}): string {
  const packet = usable(xmp);
  const marked = packet?.includes(AIGC) && /:AIGC\b/.test(packet);
  const synthetic = packet?.includes('/trainedAlgorithmicMedia');
  const source = `<Iptc4xmpExt:DigitalSourceType xmlns:Iptc4xmpExt="${IPTC}">${SOURCE}</Iptc4xmpExt:DigitalSourceType>`;
  const base = packet && !synthetic ? without(packet, '[\\w.-]+:DigitalSourceType') : packet;
  return withProperties(base, `${synthetic ? '' : source}${marked ? '' : aigc(label)}`);
}

/**
 * Who made a picture, by the AIGC field of its XMP packet.
 * @returns undefined when it has no such field; empty when the field is of a form that we do not read.
 */
export function labelOf(xmp: string | undefined): Label | undefined {
  if (!xmp?.includes(AIGC)) return undefined;
  const [, double, single, element] = /:AIGC\b(?:\s*=\s*(?:"([^"]*)"|'([^']*)')|[^>]*>([^<]*)<)/.exec(xmp) ?? [];
  try {
    const { ContentProducer, ProduceID } = JSON.parse(unescapeXml(double ?? single ?? element ?? ''));
    return { producer: String(ContentProducer), id: String(ProduceID) };
  } catch {
    return {};
  }
}
