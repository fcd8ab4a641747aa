import { fillHidden } from './alpha.ts';
import { decode, encode, inSrgb, preview, reduce } from './codec.ts';
import { PhotoError } from './errors.ts';
import { faces } from './faces.ts';
import { checkSides, outputFormat } from './format.ts';
import { idChecks } from './id-checks.ts';
import { labelled } from './labels.ts';
import type { Limits } from './limits.ts';
import { fillOf, type Options, PREVIEW, type Report } from './options.ts';
import { runSteps, type Watch } from './pipeline.ts';
import { RECIPES, type RecipeName } from './recipes.ts';
import { type Network, openNetworks } from './sessions.ts';
import { isPlain, shaped } from './shape.ts';
import { withVisibleLabel } from './visible-label.ts';

/** Pixels per inch that a paper's size is counted at. */
const PRINT_DPI = 300;

/**
 * Reads a photo, runs a recipe on it and writes the result, all in this process.
 * @throws PhotoError for whatever is wrong with the file, the options or the models.
 */
export async function enhanceHere(
  inPath: string,
  outPath: string,
  recipe: RecipeName,
  options: Options,
  limits: Limits,
  watch: Watch,
): Promise<Report> {
  const started = performance.now();
  if (!Object.hasOwn(RECIPES, recipe))
    throw new PhotoError(
      'bad_option',
      `expected one of ${Object.keys(RECIPES).join('; ')} for the recipe but received another`,
    );
  watch.onProgress({ progress: 0, step: 'decode' });
  const stored = await decode(inPath, options.keepGps, limits);
  const decoded = recipe === 'bg' ? await inSrgb(stored) : stored;
  if (options.previewPath) await preview(decoded, PREVIEW, options.previewPath);
  const { header, metadata } = decoded;
  const raster = shaped(decoded.raster, options);
  if (options.beforePath && !isPlain(options)) await preview({ raster, metadata }, PREVIEW, options.beforePath);
  const whole = fillHidden(raster);
  const start = options.mostLongEdge ? await reduce(whole, options.mostLongEdge) : whole;
  const format = options.format ?? outputFormat(header.format, start);
  // Refused before the work: no step makes a picture smaller, nor one that is so long larger.
  checkSides(format, start.width, start.height);
  const look = <Found>(by: (network: Network) => Promise<readonly Found[]>) => lookForFaces(watch, by);
  // With its own background: faces were learnt in photos, and not before a plain colour.
  const checks = options.findFaces && recipe === 'bg' ? await look((network) => idChecks(network, start)) : [];
  const { photo: restored, steps: reports } = await runSteps(RECIPES[recipe], start, options, watch);
  // Before anything is written over the picture.
  const found = options.findFaces && recipe !== 'bg' ? await look((network) => faces(network, restored)) : [];
  const visible = reports.some(({ name, changed }) => changed && options.label?.visibleAfter?.includes(name));
  const photo = visible ? await withVisibleLabel(restored) : restored;
  watch.onProgress({ progress: 0.9, step: 'encode' });
  const labels = {
    ...metadata,
    ...(options.paper && { density: densityOn(options.paper, photo) }),
    xmp: labelled(metadata.xmp, options.label),
  };
  const bytes = await encode(photo, labels, format, outPath, options.quality);
  const unshown = Math.max(photo.width, photo.height) > PREVIEW || format === 'tiff';
  if (options.resultPreviewPath && unshown)
    await preview({ raster: photo, metadata }, PREVIEW, options.resultPreviewPath, labelled(undefined, options.label));
  return {
    input: header,
    output: { format, width: photo.width, height: photo.height, bytes },
    recipe,
    changed: reports.some((step) => step.changed),
    ms: Math.round(performance.now() - started),
    steps: reports,
    faces: found.map(({ left, top, width, height }) => ({ left, top, width, height })),
    checks,
  };
}

/** What is found with the network that finds faces; nothing, and a line for the operator, where it fails: a photo is done without it. */
async function lookForFaces<Found>(
  { modelFolders, threads }: Watch,
  by: (network: Network) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const networks = openNetworks(modelFolders, threads);
  try {
    return await by(await networks.network('face'));
  } catch (error) {
    console.error('no faces were looked for:', error);
    return [];
  } finally {
    await networks.release();
  }
}

/** Pixels per inch with which a picture fills a paper: 300, or fewer where it could not be enlarged so far, or more. */
function densityOn(paper: readonly [number, number], { width, height }: { width: number; height: number }): number {
  return Math.round((PRINT_DPI * Math.max(width, height)) / fillOf(width, height, paper));
}
