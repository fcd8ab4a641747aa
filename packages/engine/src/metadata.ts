import readExif from 'exif-reader';
import { escapeXml, withProperties } from './xmp.ts';

/** What a result inherits from the uploaded file besides pixels. */
export interface Metadata {
  /** EXIF values by directory, as sharp's `withExif` takes them. */
  readonly exif: Readonly<Record<string, Record<string, string>>>;
  readonly xmp?: string;
  /** An embedded RGB profile; absent for sRGB, grey and CMYK. */
  readonly icc?: Buffer;
  /** Pixels per inch. */
  readonly density?: number;
}

/** libvips' names of the directories; IFD3 is GPS. */
const DIRECTORIES = { IFD0: 'Image', IFD2: 'Photo', IFD3: 'GPSInfo' } as const;
/** Tags that describe the stored pixels, which have changed; the rest is copied. */
const PIXEL_TAGS =
  /^(Orientation|ImageWidth|ImageLength|Pixel[XY]Dimension|[XY]Resolution|ResolutionUnit|BitsPerSample|SamplesPerPixel|RowsPerStrip|Predictor|SampleFormat|ExtraSamples|PageNumber|(New)?SubfileType|(Photometric|Planar|YCbCr|Tile|Strip|JPEG|XML|ICC|IPTC|Inter).*|.*(Offsets?|Tag|Pointer|ByteCounts|Length)|MakerNote|ColorSpace|Compression|.*(Packet|Profile|Resources))$/;

const two = (n: number) => String(n).padStart(2, '0');

/** EXIF's own spelling of a time, which has no zone. */
function exifTime(date: Date): string {
  const day = `${date.getUTCFullYear()}:${two(date.getUTCMonth() + 1)}:${two(date.getUTCDate())}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

function asText(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : exifTime(value);
  if (typeof value === 'string') return value.replaceAll('\0', '').trim() || undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (Array.isArray(value) && value.every((n) => Number.isFinite(n))) return value.join(' ') || undefined;
  return undefined;
}

/**
 * Reads EXIF into text values. A block that cannot be parsed gives none: broken metadata must not cost anyone their photo.
 * @param keepGps whether the place where the photo was taken stays in it.
 */
export function exifValues(block: Buffer | undefined, keepGps: boolean): Metadata['exif'] {
  if (!block) return {};
  let tags: Record<string, Record<string, unknown> | undefined>;
  try {
    tags = readExif(block) as unknown as typeof tags;
  } catch {
    return {};
  }
  const kept: Record<string, Record<string, string>> = {};
  for (const [directory, group] of Object.entries(DIRECTORIES)) {
    if (directory === 'IFD3' && !keepGps) continue;
    const values = Object.entries(tags[group] ?? {})
      .filter(([name]) => !PIXEL_TAGS.test(name))
      .map(([name, value]) => [name, asText(value)] as const)
      .filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
    if (values.length > 0) kept[directory] = Object.fromEntries(values);
  }
  return kept;
}

/** Prefixes of the XMP properties that stand for EXIF directories. */
const PREFIXES = {
  IFD0: ['tiff', 'http://ns.adobe.com/tiff/1.0/'],
  IFD2: ['exif', 'http://ns.adobe.com/exif/1.0/'],
} as const;

/** The XMP packet with the EXIF values as properties, where it does not have them. */
export function exifAsXmp({ exif, xmp }: Metadata): string | undefined {
  const properties = Object.entries(PREFIXES).flatMap(([directory, [prefix, space]]) =>
    Object.entries(exif[directory] ?? {})
      .filter(([name]) => !xmp?.includes(`${prefix}:${name}`))
      .map(([name, value]) => `<${prefix}:${name} xmlns:${prefix}="${space}">${escapeXml(value)}</${prefix}:${name}>`),
  );
  return properties.length > 0 ? withProperties(xmp, properties.join('')) : xmp;
}

/**
 * A profile without what follows it, when its header and its table of tags are sound (ICC.1:2022, 7.2 and 7.3): for a damaged one libpng
 * would refuse the whole result.
 */
function soundProfile(icc: Buffer): Buffer | undefined {
  const size = icc.length < 132 ? 0 : icc.readUInt32BE(0);
  if (size < 132 || size > icc.length || icc.toString('latin1', 36, 40) !== 'acsp') return undefined;
  if (!/^(scnr|mntr|prtr|spac)RGB (XYZ |Lab )$/.test(icc.toString('latin1', 12, 24))) return undefined;
  if ((icc[8] as number) > 3 && size % 4 !== 0) return undefined;
  const tags = icc.readUInt32BE(128);
  if (132 + 12 * tags > size) return undefined;
  for (let at = 132; at < 132 + 12 * tags; at += 12)
    if (icc.readUInt32BE(at + 4) + icc.readUInt32BE(at + 8) > size) return undefined;
  return icc.subarray(0, size);
}

/** The profile when it is RGB and not sRGB: the result is in it too. A damaged one counts as none. */
export function foreignProfile(embedded: Buffer | undefined): Buffer | undefined {
  const icc = embedded && soundProfile(embedded);
  if (!icc) return undefined;
  const description = icc.toString('latin1').replaceAll('\0', '');
  return /sRGB/i.test(description) ? undefined : icc;
}
