import * as ort from 'onnxruntime-node';
import { findModel, type Model, type ModelCard } from './models.ts';

/** A loaded network. Pixels go in as uint8 RGB interleaved, whatever its own wire is. */
export interface Network {
  readonly card: ModelCard;
  /**
   * Runs it once; blocks this process meanwhile.
   * @param pixels 3 * width * height bytes, sides multiples of `card.multiple`.
   * @returns interleaved output of `card.output.channels`, height * scale / outputStride rows: bytes for a picture, floats as they are
   * for a float output that is not one.
   */
  run(pixels: Uint8Array, width: number, height: number): Promise<Uint8Array | Float32Array>;
}

interface Loaded extends Network {
  release(): Promise<void>;
}

/** Bytes to the float planes a foreign model wants. */
function toFloat(card: ModelCard, pixels: Uint8Array): Float32Array {
  const [low, high] = card.input.range;
  const area = pixels.length / 3;
  const out = new Float32Array(pixels.length);
  const planar = card.input.layout === 'NCHW';
  for (let i = 0; i < area; i++)
    for (let c = 0; c < 3; c++) {
      const value = low + ((pixels[3 * i + (card.input.order === 'BGR' ? 2 - c : c)] as number) / 255) * (high - low);
      out[planar ? c * area + i : 3 * i + c] = value;
    }
  return out;
}

/** Float planes of a picture back to bytes, rounded and clipped. */
function toBytes(card: ModelCard, values: Float32Array): Uint8Array {
  const { channels, layout, order, range } = card.output;
  const [low, high] = range;
  const area = values.length / channels;
  const out = new Uint8ClampedArray(values.length);
  for (let i = 0; i < area; i++)
    for (let c = 0; c < channels; c++) {
      const value = values[layout === 'NCHW' ? c * area + i : channels * i + c] as number;
      out[channels * i + (order === 'BGR' ? 2 - c : c)] = ((value - low) / (high - low)) * 255;
    }
  return new Uint8Array(out.buffer);
}

async function load({ card, path }: Model): Promise<Loaded> {
  const session = await ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const picture = card.task !== 'colour';
  return {
    card,
    async run(pixels, width, height) {
      const shape = card.input.layout === 'NHWC' ? [1, height, width, 3] : [1, 3, height, width];
      const tensor =
        card.input.type === 'uint8'
          ? new ort.Tensor('uint8', pixels, shape)
          : new ort.Tensor('float32', toFloat(card, pixels), shape);
      const results = await session.run({ [card.input.name]: tensor });
      const { data } = results[card.output.name] as ort.Tensor;
      return picture && data instanceof Float32Array ? toBytes(card, data) : (data as Uint8Array | Float32Array);
    },
    release: () => session.release(),
  };
}

/** Loads networks when they are first asked for, and lets go of all of them at once. */
export function openNetworks(folders: readonly string[]) {
  const loaded = new Map<ModelCard['task'], Promise<Loaded>>();
  const used: string[] = [];
  return {
    async network(task: ModelCard['task']): Promise<Network> {
      const found = loaded.get(task) ?? load(findModel(task, folders));
      loaded.set(task, found);
      const { card } = await found;
      if (!used.includes(card.id)) used.push(card.id);
      return found;
    },
    /** Ids of the models that were asked for. */
    used: () => used,
    async release(): Promise<void> {
      const settled = await Promise.allSettled(loaded.values());
      for (const one of settled) if (one.status === 'fulfilled') await one.value.release();
      loaded.clear();
    },
  };
}
