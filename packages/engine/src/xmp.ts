/** One APP1 segment of a JPEG holds 65,502 bytes of XMP. A longer packet is given up for what must be said. */
const LONGEST = 60_000;
/** Blanks before an attribute, from the first one on: begun at each of them, a search would take the square of their number. */
const BLANKS = '(?<!\\s)\\s+';

export const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const unescapeXml = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** An XMP packet without the properties whose name (a regular expression) matches, as attributes and as elements. */
export function without(xmp: string, name: string): string {
  return xmp
    .replaceAll(new RegExp(`${BLANKS}${name}\\s*=\\s*("[^"]*"|'[^']*')`, 'g'), '')
    .replaceAll(new RegExp(`<(${name})\\b[^>]*?(/>|>[\\s\\S]*?</\\1\\s*>)`, 'g'), '');
}

/**
 * An XMP packet without what it says of the stored pixels, which have changed, and without the place unless that is kept.
 * @returns undefined for one that is too long: in PNG and TIFF a packet may have the size of the file.
 */
export function xmpOf(packet: string, keepGps: boolean): string | undefined {
  if (packet.length >= LONGEST) return undefined;
  const kept = without(
    packet,
    '(?:tiff:(?:Orientation|ImageWidth|ImageLength)|exif:Pixel[XY]Dimension|xmp:Thumbnails)',
  );
  return keepGps ? kept : without(kept, 'exif:GPS\\w+');
}

/** The packet when properties can be added to it. */
export const usable = (xmp: string | undefined) =>
  xmp && xmp.length < LONGEST && /<\/rdf:RDF\s*>/.test(xmp) ? xmp : undefined;

/**
 * Adds properties, as XML elements, to an XMP packet, or makes one.
 * @param xmp one that cannot be read, or is too long, is given up.
 */
export function withProperties(xmp: string | undefined, properties: string): string {
  const packet = usable(xmp);
  const about = /\brdf:about\s*=\s*("[^"]*"|'[^']*')/.exec(packet ?? '')?.[1] ?? '""';
  const description = `<rdf:Description rdf:about=${about}>${properties}</rdf:Description>`;
  if (packet) return packet.replace(/<\/rdf:RDF\s*>/, (end) => description + end);
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${description}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}
