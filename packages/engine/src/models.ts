import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PhotoError } from './errors.ts';

const Tensor = z.object({
  name: z.string(),
  type: z.enum(['uint8', 'float32']),
  layout: z.enum(['NHWC', 'NCHW']),
  channels: z.number().int().min(1).max(20),
  /** What the network calls black and white. */
  range: z.tuple([z.number(), z.number()]),
  order: z.string().default('RGB'),
});

/** What lies beside a model's weights: how to call it, where it comes from, how good it is. */
export const ModelCard = z.object({
  id: z.string(),
  task: z.enum(['sr', 'sr4', 'texture', 'texture4', 'severity', 'repair', 'colour', 'bg', 'refine', 'face']),
  file: z.string().regex(/^[\w.-]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  parameters: z.number().int(),
  /** Multiply-adds for one pixel of the input. */
  macsPerPixel: z.number().optional(),
  scale: z.number().int().min(1).max(8),
  /** Width and height of its input are multiples of this. */
  multiple: z.number().int().min(1),
  /** Radius of its receptive field in input pixels: tiles that overlap by it equal the whole. */
  overlap: z.number().int().min(0),
  /** Long side in pixels for networks that see the whole picture at once. */
  size: z.number().int().nullable().default(null),
  /** Long sides at which such a network sees it where it sees it several times and gives logits, see `lookedAt`. */
  looks: z.array(z.number().int().min(1)).default([]),
  /** Id of the enlargement that a network which draws texture holds as it is. */
  beside: z.string().optional(),
  outputStride: z.number().int().min(1).default(1),
  input: Tensor,
  output: Tensor,
  /** The same network in int8, for CPUs where it is faster: what it loses in PSNR-Y on the frozen photos, and its gain where it was made. */
  int8: z
    .object({
      file: z.string().regex(/^[\w.-]+$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      psnrLoss: z.number(),
      speedUp: z.number(),
    })
    .optional(),
  licence: z.string(),
  date: z.string(),
  notes: z.string().optional(),
});
export type ModelCard = z.infer<typeof ModelCard>;

export interface Model {
  readonly card: ModelCard;
  readonly path: string;
  /** Where the card has an int8 version. */
  readonly int8Path?: string;
}

/** The models that come with the engine. */
export const OWN_MODELS = join(import.meta.dirname, '..', 'models');

const unusable = (what: string, received: string) =>
  new PhotoError('no_model', `expected ${what} but received ${received}`);

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function parsed(task: string, text: string): ModelCard {
  try {
    return ModelCard.parse(JSON.parse(text));
  } catch (error) {
    throw unusable(`a model card for ${task}`, error instanceof z.ZodError ? z.prettifyError(error) : 'broken JSON');
  }
}

/** Path of a weights file that is what its card says. */
function verified(folder: string, id: string, file: string, sha256: string): string {
  const path = join(folder, file);
  const weights = read(path);
  if (!weights) throw unusable(`weights for model ${id}`, 'none');
  const found = createHash('sha256').update(weights).digest('hex');
  if (found !== sha256) throw unusable(`sha256 ${sha256} for model ${id}`, found);
  return path;
}

/**
 * The model of each task.
 * @throws PhotoError as `findModel`.
 */
export const listModels = (folders: readonly string[]): readonly Model[] =>
  ModelCard.shape.task.options.map((task) => findModel(task, folders));

/**
 * Finds the model of a task: the first folder that holds `TASK.json` wins. The weights are compared with the card's sha256.
 * @throws PhotoError `no_model` when there is none, or when card and weights do not belong together.
 */
export function findModel(task: ModelCard['task'], folders: readonly string[]): Model {
  for (const folder of [...folders, OWN_MODELS]) {
    const text = read(join(folder, `${task}.json`));
    if (!text) continue;
    const card = parsed(task, text.toString());
    const path = verified(folder, card.id, card.file, card.sha256);
    if (!card.int8) return { card, path };
    return { card, path, int8Path: verified(folder, card.id, card.int8.file, card.int8.sha256) };
  }
  throw unusable(`a model for ${task}`, 'none');
}
