// Judges the people of the unpacked photos with two networks and writes what config/bg.py learns from beside the cut-outs:
//
//   node data/taught.mjs --teacher prisma_nchw.onnx --data DIR [--models FOLDER]     # with bg.json and bg.onnx, the engine's own unless given
//
// DIR is what data/prepare.py wrote; DIR/matting/taught gets img/NAME.webp, a link to the photo, and alpha/NAME.webp, 8 bits at a long side
// of about 288 px: the sigmoid of the sum of both networks' logits, so that it is near a half where they disagree. Photos in which they agree
// on less than AGREED of the person, or that show hardly any, are left out.
import { globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import ort from 'onnxruntime-node';
import sharp from 'sharp';
import { lookedAt } from '../../packages/engine/src/looks.ts';
import { openNetworks } from '../../packages/engine/src/sessions.ts';

const AGREED = 0.6; // intersection over union at a half
const PERSON = 0.03; // share of the photo
const LONG = 512; // side at which our network looks most closely
const TEACHER = 256; // side of the square that the teacher takes, RGB in 0..1
const SURE = 0.995;

const { values: args } = parseArgs({
  options: {
    teacher: { type: 'string' },
    models: { type: 'string', multiple: true, default: [] },
    data: { type: 'string' },
  },
});
if (!args.teacher || !args.data) throw new Error('expected --teacher and --data');
sharp.concurrency(1);
const teacher = await ort.InferenceSession.create(args.teacher, { intraOpNumThreads: 1, logSeverityLevel: 3 });
const networks = openNetworks(args.models);
const ours = await networks.network('bg');

/** Paths of the photos that show people. */
function people() {
  const rows = readFileSync(join(args.data, 'MANIFEST-colour.csv'), 'utf8').split('\n').slice(1);
  const named = rows.map((row) => row.split(',')).filter((cells) => cells.slice(4).includes('yes'));
  return [
    ...globSync('sharp/people/*', { cwd: args.data }),
    ...named.map(([, file]) => join('colour', basename(file))),
  ];
}

const pixels = (path, width, height) =>
  sharp(path).removeAlpha().toColourspace('srgb').resize(width, height, { fit: 'fill' }).raw().toBuffer();

/** Alpha 0..255 of the teacher at any size. */
async function taught(path, width, height) {
  const rgb = await pixels(path, TEACHER, TEACHER);
  const plane = TEACHER * TEACHER;
  const input = Float32Array.from({ length: 3 * plane }, (_, i) => rgb[3 * (i % plane) + Math.floor(i / plane)] / 255);
  const tensor = new ort.Tensor('float32', input, [1, 3, TEACHER, TEACHER]);
  const out = (await teacher.run({ [teacher.inputNames[0]]: tensor }))[teacher.outputNames[0]].data;
  const bytes = Buffer.from(Uint8Array.from(out, (a) => Math.round(255 * Math.min(1, Math.max(0, a)))));
  const small = sharp(bytes, { raw: { width: TEACHER, height: TEACHER, channels: 1 } });
  return small.resize(width, height, { fit: 'fill' }).extractChannel(0).raw().toBuffer();
}

const logit = (byte) => {
  const p = Math.min(SURE, Math.max(1 - SURE, byte / 255));
  return Math.log(p / (1 - p));
};

const to = join(args.data, 'matting/taught');
for (const folder of ['img', 'alpha']) mkdirSync(join(to, folder), { recursive: true });
let kept = 0;
const photos = people();
for (const [i, photo] of photos.entries()) {
  const path = join(args.data, photo);
  const size = await sharp(path).metadata();
  const f = LONG / Math.max(size.width, size.height);
  const [across, down] = [size.width, size.height].map((side) => Math.max(1, Math.round(side * f)));
  const {
    width,
    height,
    alpha: a,
  } = await lookedAt(ours, { width: across, height: down, data: await pixels(path, across, down) });
  const b = await taught(path, width, height);
  const alpha = Buffer.from(a.map((own, k) => Math.round(255 / (1 + Math.exp(-logit(own) - logit(b[k]))))));
  const both = a.filter((own, k) => own > 127 && b[k] > 127).length;
  const either = a.filter((own, k) => own > 127 || b[k] > 127).length;
  const share = alpha.reduce((sum, value) => sum + value, 0) / 255 / alpha.length;
  if (both < AGREED * either || share < PERSON) continue;
  const name = basename(photo);
  await sharp(alpha, { raw: { width, height, channels: 1 } })
    .webp({ quality: 70 })
    .toFile(join(to, 'alpha', name));
  symlinkSync(relative(join(to, 'img'), path), join(to, 'img', name));
  kept += 1;
  if (i % 500 === 499) console.log(`${i + 1} of ${photos.length} photos, ${kept} kept`);
}
await networks.release();
console.log(`${kept} of ${photos.length} photos kept`);
