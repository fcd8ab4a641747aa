import { randomUUID } from 'node:crypto';
import { escapeXml, usable, without, withProperties } from './xmp.ts';

/** Who made a result: the operator's registered code, and a reference of the run. */
export interface Label {
  readonly producer?: string;
  readonly id?: string;
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
