import * as ort from 'onnxruntime-node';
import { findModel, type Model, type ModelCard } from './models.ts';

/** A loaded network. Pixels go in as uint8 interleaved, RGB before what else it takes, whatever its own wire is. */
export interface Network {
  readonly card: ModelCard;
  /**
   * Runs it once; blocks this process meanwhile.
   * @param pixels `card.input.channels` * width * height bytes, sides multiples of `card.multiple`.
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
  const { channels, layout, order } = card.input;
  const area = pixels.length / channels;
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < area; i++)
    for (let c = 0; c < channels; c++) {
      const from = order.startsWith('BGR') && c < 3 ? 2 - c : c;
      const value = low + ((pixels[channels * i + from] as number) / 255) * (high - low);
      out[layout === 'NCHW' ? c * area + i : channels * i + c] = value;
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

/** A model file, and whether sums of byte products must be exact on an x64 CPU without VNNI: its own saturate at 16 bits. */
interface Version {
  readonly path: string;
  readonly exact: boolean;
}

const open = ({ path, exact }: Version, threads: number) =>
  ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: false,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // A thread that waits must not spin: another run may want its core.
    extra: { session: { x64quantprecision: exact ? '1' : '0', intra_op: { allow_spinning: '0' } } },
  });

/** Side of the picture that int8 is tried on; all our networks take multiples of 32. */
const TRIAL = 128;
/** Bytes by which int8 may differ from float32 there: on average, and anywhere. Ours: 0.5 to 1.7 and 10 to 23; with saturating sums `sr` 2.8 and 47, `sr4` 1.3 and 64. */
const AGREES = { mean: 1.9, most: 40 };
/** How many times as fast as float32 int8 must be: at a tie it would cost quality for nothing, and two processes of one machine would decide differently and make different pictures. Ours: 1.1 without VNNI, 1.4 to 3 with it. */
const FASTER = 1.3;

/** A ramp with a grid of hard edges, and grain that grows across it, for only strong signals saturate; the strength is 0, and other planes are noise. */
const trialPicture = (channels: number) =>
  Uint8Array.from({ length: channels * TRIAL * TRIAL }, (_, at) => {
    const [i, c] = [Math.floor(at / channels), at % channels];
    const [x, y] = [i % TRIAL, Math.floor(i / TRIAL)];
    if (c === 3) return 0;
    const grain = (((x * 73_856_093) ^ (y * 19_349_663) ^ (c > 3 ? c * 83_492_791 : 0)) >>> 0) % 97;
    if (c > 3) return 80 + grain;
    const value =
      128 +
      (x - 64) * 0.6 +
      (((x >> 4) + (y >> 4)) % 2 ? 60 : -60) +
      (Math.min(x, y) / TRIAL) * 40 * (grain / 97 - 0.5);
    return Math.min(255, Math.max(0, value));
  });

/** What a version makes of the trial picture, and the least milliseconds of three runs. */
async function tried(card: ModelCard, version: Version) {
  const { channels } = card.input;
  const xin = new ort.Tensor('uint8', trialPicture(channels), [1, TRIAL, TRIAL, channels]);
  const session = await open(version, 1);
  let least = Number.POSITIVE_INFINITY;
  let data = new Uint8Array();
  for (let run = 0; run < 3; run++) {
    const started = performance.now();
    data = ((await session.run({ [card.input.name]: xin }))[card.output.name] as ort.Tensor).data as typeof data;
    least = Math.min(least, performance.now() - started);
  }
  await session.release();
  return { least, data };
}

/** Whether two outputs are near enough to be those of one network. */
function agree(a: Uint8Array, b: Uint8Array): boolean {
  let [sum, most] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    sum += difference;
    most = Math.max(most, difference);
  }
  return sum / a.length <= AGREES.mean && most <= AGREES.most;
}

/** float32, or int8 where this CPU makes it much faster and its answer agrees: as the CPU multiplies, or else exactly. */
async function best(card: ModelCard, path: string, int8Path: string): Promise<Version> {
  const plain = { path, exact: false };
  const float = await tried(card, plain);
  for (const exact of [false, true]) {
    const version = { path: int8Path, exact };
    const int8 = await tried(card, version);
    if (agree(float.data, int8.data)) return int8.least * FASTER < float.least ? version : plain;
  }
  return plain;
}

/** Verdicts of this process by the sha256 of the int8 file: a trial takes a few tenths of a second. */
const verdicts = new Map<string, Promise<Version>>();

function chosen({ path, int8Path, card }: Model): Promise<Version> | Version {
  if (!int8Path || !card.int8 || card.input.type !== 'uint8' || card.output.type !== 'uint8')
    return { path, exact: false };
  const verdict = verdicts.get(card.int8.sha256) ?? best(card, path, int8Path);
  verdicts.set(card.int8.sha256, verdict);
  return verdict;
}

async function load(model: Model, threads: number, onRun: (id: string) => void): Promise<Loaded> {
  const { card } = model;
  const session = await open(await chosen(model), threads);
  const picture = !['colour', 'severity', 'face'].includes(card.task) && card.output.order !== 'logit';
  const { channels } = card.input;
  return {
    card,
    async run(pixels, width, height) {
      // It judges and makes no pixels.
      if (card.task !== 'severity') onRun(card.id);
      const shape = card.input.layout === 'NHWC' ? [1, height, width, channels] : [1, channels, height, width];
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

/** Loads networks when they are first asked for, and lets go of all of them at once. The pictures are the same with any number of threads. */
export function openNetworks(folders: readonly string[], threads = 1) {
  const loaded = new Map<ModelCard['task'], Promise<Loaded>>();
  const used = new Set<string>();
  return {
    async network(task: ModelCard['task']): Promise<Network> {
      const found = loaded.get(task) ?? load(findModel(task, folders), threads, (id) => used.add(id));
      loaded.set(task, found);
      return found;
    },
    /** Ids of the models that made something of the photo, the first first. */
    used: () => [...used],
    async release(): Promise<void> {
      const settled = await Promise.allSettled(loaded.values());
      for (const one of settled) if (one.status === 'fulfilled') await one.value.release();
      loaded.clear();
    },
  };
}
