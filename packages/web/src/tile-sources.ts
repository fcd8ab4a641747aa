import type { ResultView } from '@hili/contract';
import OpenSeadragon, { type TileSource } from 'openseadragon';

type Tiles = NonNullable<ResultView['tiles']>;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of a tile's side that is cut here, without its overlap: as the server's. */
const TILE = { size: 512, overlap: 1 } as const;

/** The level of the whole picture, when level 0 is one pixel. */
const topLevel = ({ width, height }: Size) => Math.ceil(Math.log2(Math.max(width, height)));
/** The largest level that is one tile: what is smaller is never needed. */
const firstLevel = (picture: Size, tile: number) => Math.min(topLevel(picture), Math.floor(Math.log2(tile)));

/** A large result in the tiles that the server cut of it. */
export function cutBefore(picture: Size, { url, size, overlap, levels }: Tiles): TileSource {
  const source = new OpenSeadragon.TileSource({
    width: picture.width,
    height: picture.height,
    tileSize: size,
    tileOverlap: overlap,
    minLevel: firstLevel(picture, size),
    maxLevel: levels - 1,
  });
  source.getTileUrl = (level, x, y) => `${url}/${level}/${x}_${y}.jpg`;
  return source;
}

const canvas = (width: number, height: number): CanvasRenderingContext2D => {
  // It stays in main memory, where drawing a tile of it takes no way back from the graphics card.
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  if (!context) throw new Error('expected a canvas for a tile but received none');
  context.fillStyle = '#fff'; // as the server fills transparency
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  return context;
};

/** Halves a picture: bilinear sampling is exact there in every browser, which it is not for smaller ones. */
function halve(picture: HTMLCanvasElement | ImageBitmap): HTMLCanvasElement {
  const width = Math.ceil(picture.width / 2);
  const height = Math.ceil(picture.height / 2);
  const context = canvas(width, height);
  context.drawImage(picture, 0, 0, width, height);
  return context.canvas;
}

/**
 * A picture in one file, cut into tiles as they are needed.
 * @param size in which it is shown, its own or another: it is stretched to that exactly.
 * @throws when the picture cannot be loaded.
 */
export async function cutHere(url: string, size: Size): Promise<TileSource> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const halves: (HTMLCanvasElement | ImageBitmap)[] = [await createImageBitmap(image)];
  const own = halves[0]?.width ?? 1;
  const top = topLevel(size);
  const first = firstLevel(size, TILE.size);
  const source = new OpenSeadragon.TileSource({
    width: size.width,
    height: size.height,
    tileSize: TILE.size,
    tileOverlap: TILE.overlap,
    minLevel: first,
    // No larger than the picture itself has pixels for.
    maxLevel: Math.max(first, Math.min(top, top + Math.ceil(Math.log2(own / size.width)))),
  });

  const scaleOf = (level: number) => 2 ** (level - top);
  /** The smallest half that is not smaller than `width`. */
  function halfFor(width: number): HTMLCanvasElement | ImageBitmap {
    const count = Math.max(0, Math.floor(Math.log2(own / width)));
    for (let last = halves.at(-1); last && halves.length <= count; last = halves.at(-1)) halves.push(halve(last));
    return halves[count] as HTMLCanvasElement | ImageBitmap;
  }
  return Object.assign(source, {
    getLevelScale: scaleOf,
    // Names the tile only; nothing is fetched.
    getTileUrl: (level: number, x: number, y: number) => `${url}#${level}/${x}_${y}`,
    hasTransparency: () => false,
    downloadTileStart(job: OpenSeadragon.ImageJob) {
      const { level, x, y } = job.tile;
      const bounds = source.getTileBounds(level, x, y, true);
      const context = canvas(Math.ceil(bounds.width), Math.ceil(bounds.height));
      const start = (place: number) => TILE.size * place - (place ? TILE.overlap : 0);
      const width = size.width * scaleOf(level);
      // The whole picture is drawn over the tile's edges, so that they are sampled like its inside.
      context.drawImage(halfFor(width), -start(x), -start(y), width, size.height * scaleOf(level));
      job.finish(context, null, 'context2d');
    },
    downloadTileAbort() {},
  });
}
