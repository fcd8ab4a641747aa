import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { onWhite, split } from './alpha.ts';
import { readBmp, readHeic } from './decoders.ts';
import { PhotoError } from './errors.ts';
import { checkSides, formatOf, type InputFormat, type OutputFormat } from './format.ts';
import { labelled, labelOf } from './labels.ts';
import { checkSize, LIMITS, type Limits } from './limits.ts';
import { exifAsXmp, exifValues, foreignProfile, type Metadata } from './metadata.ts';
import { fitted, type Raster } from './raster.ts';
import { tiffOf } from './tiff.ts';
import { xmpOf } from './xmp.ts';

sharp.concurrency(1);
sharp.cache(false);

/** Pixels per inch of a photo that does not say. */
const DENSITY = 300;
/** No scanner has more; a file that says so is wrong, and JPEG has no place for it. */
const MOST_DENSITY = 65_535;

/** What a file says of itself. */
export interface Header {
  readonly format: InputFormat;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface Decoded {
  readonly header: Header;
  readonly raster: Raster;
  readonly metadata: Metadata;
}

const damaged = (cause: unknown) =>
  new PhotoError('damaged', 'expected a readable picture for the file but received a damaged one', { cause });

/** For reading headers: the first page, whatever its size. */
const OPEN = { limitInputPixels: false, pages: 1 };

/** Numbers of an RGB profile stay as they are: 8 bits of sRGB would clip what a wide profile holds (P3 red came back as 234, 51, 34). */
const input = (path: string, format: InputFormat, limits: Limits, profile: Buffer | undefined) =>
  sharp(path, {
    limitInputPixels: limits.pixels,
    // To libtiff a strip that the file's end cuts off is an error like any other.
    failOn: format === 'tiff' ? 'error' : 'truncated',
    pages: 1,
    ignoreIcc: profile !== undefined,
  });

async function headerOf(path: string, format: InputFormat, bytes: number, limits: Limits): Promise<Header> {
  const meta = await sharp(path, OPEN)
    .metadata()
    .catch((cause) => Promise.reject(damaged(cause)));
  const turned = (meta.orientation ?? 1) >= 5;
  const [width, height] = turned ? [meta.height, meta.width] : [meta.width, meta.height];
  checkSize(width, height, limits);
  return { format, width, height, bytes };
}

/**
 * Judges a file by its content, checks the limits from its header, and reads it through once, so that a damaged or truncated file is
 * refused here.
 * @throws PhotoError `empty`, `too_many_bytes`, `unsupported_type`, `too_long_side`, `too_many_pixels`, `damaged`.
 */
export async function inspect(path: string, limits: Limits = LIMITS): Promise<Header> {
  const { format, bytes } = await formatOf(path, limits);
  if (format === 'bmp' || format === 'heic') {
    const { width, height } = format === 'bmp' ? await readBmp(path, limits) : await readHeic(path, limits);
    return { format, width, height, bytes };
  }
  const header = await headerOf(path, format, bytes, limits);
  // A JPEG is decoded at an eighth of its size here: 37 ms instead of 81 ms at 12 megapixels, and it still reads every byte.
  await input(path, format, limits, undefined)
    .resize(Math.max(1, header.width >> 3), Math.max(1, header.height >> 3), { fit: 'fill', kernel: 'nearest' })
    .raw()
    .toBuffer()
    .catch((cause) => Promise.reject(damaged(cause)));
  return header;
}

async function metadataOf(path: string, keepGps: boolean): Promise<{ metadata: Metadata; hasAlpha: boolean }> {
  const { exif, icc, xmp, hasAlpha, density, format } = await sharp(path, OPEN).metadata();
  const packet = xmp && xmpOf(xmp.toString('utf8'), keepGps);
  const profile = foreignProfile(icc);
  return {
    hasAlpha,
    metadata: {
      // A TIFF file is itself the structure that EXIF has.
      exif: exifValues(format === 'tiff' ? await readFile(path) : exif, keepGps),
      ...(packet && { xmp: packet }),
      ...(profile && { icc: profile }),
      ...(density && density > 1 && density <= MOST_DENSITY && { density }),
    },
  };
}

/**
 * Decodes the first picture of a file: upright, 8 bits. Grey, CMYK and Lab become sRGB by their profile; RGB keeps its numbers, and the
 * metadata its profile, which the result gets back.
 * @throws PhotoError as `inspect`.
 */
export async function decode(path: string, keepGps = false, limits: Limits = LIMITS): Promise<Decoded> {
  const { format, bytes } = await formatOf(path, limits);
  if (format === 'bmp' || format === 'heic') {
    const { width, height, data } = format === 'bmp' ? await readBmp(path, limits) : await readHeic(path, limits);
    // libheif in sharp is stricter than the one that has read the pixels: metadata that it refuses is given up.
    const found = format === 'heic' ? await metadataOf(path, keepGps).catch(() => undefined) : undefined;
    const metadata = found?.metadata ?? { exif: {} };
    return { header: { format, width, height, bytes }, raster: split(data, width, height), metadata };
  }
  const header = await headerOf(path, format, bytes, limits);
  try {
    const { metadata, hasAlpha } = await metadataOf(path, keepGps);
    const upright = input(path, format, limits, metadata.icc).autoOrient().toColourspace('srgb');
    const { data, info } = await (hasAlpha ? upright.ensureAlpha() : upright.removeAlpha())
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return { header, raster: channels === 4 ? split(data, width, height) : { width, height, data }, metadata };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** A picture for sharp, its numbers in the photo's profile where it has one: kept, or converted to sRGB on the way. */
function source(raster: Raster, { icc, density = DENSITY }: Metadata, keep: boolean): Sharp {
  const { width, height, data, alpha } = raster;
  const raw = (channels: 1 | 3) => ({ raw: { width, height, channels }, limitInputPixels: false });
  const picture = icc
    ? sharp(tiffOf(width, height, data, icc, density), { ignoreIcc: keep, limitInputPixels: false })
    : sharp(data, raw(3));
  const tagged = !keep
    ? picture
    : icc
      ? picture.keepIccProfile().withDensity(density)
      : picture.withMetadata({ density });
  return alpha ? tagged.joinChannel(Buffer.from(alpha.buffer, alpha.byteOffset, alpha.byteLength), raw(1)) : tagged;
}

/** The picture in sRGB: a colour that is given by numbers means those of sRGB, and looks another in a wider profile. */
export async function inSrgb(decoded: Decoded): Promise<Decoded> {
  const { raster, metadata } = decoded;
  const { icc, ...rest } = metadata;
  if (!icc) return decoded;
  const { width, height, data: numbers } = raster;
  const picture = source({ width, height, data: numbers }, metadata, false).toColourspace('srgb');
  const data = await picture.raw({ depth: 'uchar' }).toBuffer();
  return { ...decoded, raster: { ...raster, data }, metadata: rest };
}

/** Pixels of a picture from which on an encoder has to be sparing with memory. */
const LARGE = 8_000_000;
function written(picture: Sharp, format: OutputFormat, quality: number, pixels: number): Sharp {
  switch (format) {
    case 'jpeg':
      // Optimal Huffman tables take 288 MB at 24 megapixels, for 1.4 % of the file.
      return picture.jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding: pixels < LARGE });
    case 'png':
      return picture.png({ compressionLevel: 6 });
    case 'webp':
      // Efforts 0 and 1 fail at 24 megapixels; 2 works and takes 1.5 s. Smart subsampling takes 240 MB there.
      return picture.webp({ quality, effort: 2, smartSubsample: pixels < LARGE });
    case 'avif':
      // 4:4:4 takes 800 MB at 24 megapixels, 4:2:0 510 MB.
      return picture.avif({
        quality: Math.min(quality, 80),
        effort: pixels < LARGE ? 1 : 0,
        chromaSubsampling: pixels < LARGE ? '4:4:4' : '4:2:0',
      });
    case 'tiff':
      return picture.tiff({ compression: 'lzw', predictor: 'horizontal' });
  }
}

/**
 * Writes a picture with its metadata, tagged with the profile that its numbers are in. JPEG has no alpha: transparent
 * pixels become white.
 * @param quality 1 to 100; AVIF is capped at 80, which looks the same there.
 * @throws PhotoError `bad_option` when the format cannot hold so long a side.
 */
export async function encode(
  raster: Raster,
  metadata: Metadata,
  format: OutputFormat,
  path: string,
  quality = 92,
): Promise<number> {
  const { width, height } = raster;
  checkSides(format, width, height);
  const tagged = source(format === 'jpeg' ? onWhite(raster) : raster, metadata, true);
  const withExif = Object.keys(metadata.exif).length > 0 ? tagged.withExif(metadata.exif) : tagged;
  // libvips writes no EXIF into TIFF: there XMP says it.
  const xmp = format === 'tiff' ? exifAsXmp(metadata) : metadata.xmp;
  const picture = xmp ? withExif.withXmp(xmp) : withExif;
  return (await written(picture, format, quality, width * height).toFile(path)).size;
}

/** sharp's names. Lanczos3 has the most detail; linear never overshoots. */
export type Kernel = 'lanczos3' | 'cubic' | 'linear';

/** Resamples interleaved bytes of one or three channels. */
export async function resizePlane(
  data: Uint8Array,
  channels: 1 | 3,
  [width, height]: readonly [number, number],
  [toWidth, toHeight]: readonly [number, number],
  kernel: Kernel = 'lanczos3',
): Promise<Uint8Array> {
  if (width === toWidth && height === toHeight) return data;
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .resize(toWidth, toHeight, { fit: 'fill', kernel })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
}

/** Resamples the colours of a picture; the result has no alpha. */
export async function resize(raster: Raster, width: number, height: number, kernel?: Kernel): Promise<Raster> {
  const data = await resizePlane(raster.data, 3, [raster.width, raster.height], [width, height], kernel);
  return { width, height, data };
}

/** Reduces a picture with its alpha to at most `longEdge` pixels; a smaller one is given back as it is. */
export async function reduce(raster: Raster, longEdge: number): Promise<Raster> {
  const from = [raster.width, raster.height] as const;
  const to = fitted(raster, longEdge);
  const [width, height] = to;
  if (width === raster.width && height === raster.height) return raster;
  const data = await resizePlane(raster.data, 3, from, to);
  const alpha = raster.alpha && (await resizePlane(raster.alpha, 1, from, to, 'linear'));
  return alpha ? { width, height, data, alpha } : { width, height, data };
}

/**
 * Writes a JPEG of at most `longEdge` pixels, in sRGB, that any browser shows.
 * @param xmp all of its metadata, as the AI label of a result; none unless given.
 */
export async function preview(
  { raster, metadata }: Pick<Decoded, 'raster' | 'metadata'>,
  longEdge: number,
  path: string,
  xmp?: string,
): Promise<void> {
  const picture = source(onWhite(raster), metadata, false);
  await (xmp ? picture.withXmp(xmp) : picture)
    .resize(longEdge, longEdge, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 85 })
    .toFile(path);
}

/** Draws an SVG that needs neither fonts nor files. */
export async function drawn(svg: string): Promise<Raster> {
  const { data, info } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return split(data, info.width, info.height);
}

/** Pixels of a tile's side without its overlap, and of the overlap on each inner side. */
export const TILE = { size: 512, overlap: 1 } as const;

/**
 * Cuts a picture into tiles at every scale (Deep Zoom), JPEGs in sRGB without transparency, in a ZIP file without compression: entries
 * `…/<level>/<column>_<row>.jpeg`, where level 0 is one pixel and each next one has twice the size. A tile has the picture's AI label, and
 * no other metadata: it is the picture to whoever saves it.
 */
export async function cutTiles(path: string, outPath: string): Promise<void> {
  const label = labelOf((await sharp(path, OPEN).metadata()).xmp?.toString('utf8'));
  const picture = sharp(path, { limitInputPixels: false }).flatten({ background: '#fff' }).toColourspace('srgb');
  await (label ? picture.withXmp(labelled(undefined, label)) : picture)
    .jpeg({ quality: 88 })
    .tile({ ...TILE, container: 'zip', layout: 'dz' })
    .toFile(outPath);
}
