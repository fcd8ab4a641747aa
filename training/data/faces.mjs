// Finds the faces of the unpacked photos with a detector of others and writes what config/face.py trains on:
//
//   node data/faces.mjs --detector yunet_n_dynamic.onnx --data DIR --to OUT [--negatives 1950]
//
// DIR is what data/prepare.py wrote, OUT gets face/NAME.webp (uncut, long side at most 400 px, WebP q75) and face/labels.csv, one line a
// face: file, kind, score, x, y, width, height, then x and y of the person's right eye, left eye, nose tip, right and left mouth corner,
// in pixels of that WebP. Kind is face (7 px and more, score of .75 and more, or .9 in photos that are not filed under people: on dogs, cows
// and enlarged clouds the detector reaches .85), unsure (from .3: neither a face nor its absence may be learnt there) or none, without
// figures, for a photo not of people in which nothing scored .3. Photos of people without a face are left out, colour photos filed under
// other things with one as well.
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const SURE = 0.75;
const SURE_OF_SCENES = 0.9;
const LEAST = 7; // pixels, of a face that may be learnt
const UNSURE = 0.3;
const LONG = 400;
const QUALITY = 75;
/** Long sides at which a photo is looked at, and the share of a grey border around it, without which faces that fill the photo are missed. */
const LOOKS = [
  { long: 192, border: 0.5 },
  { long: 384, border: 0.125 },
  { long: 640, border: 0 },
  { long: 1024, border: 0 },
];
const ENLARGED = 3.2; // at most; what shows only beyond is too small to learn from

const { values: args } = parseArgs({
  options: {
    detector: { type: 'string' },
    data: { type: 'string' },
    to: { type: 'string' },
    negatives: { type: 'string', default: '1950' },
  },
});
if (!args.detector || !args.data || !args.to) throw new Error('expected --detector, --data and --to');
sharp.concurrency(1);
const session = await ort.InferenceSession.create(args.detector, { intraOpNumThreads: 1, interOpNumThreads: 1 });

/** Names of the photos that a manifest files under people. */
function withPeople(data) {
  const names = new Set();
  for (const manifest of globSync('MANIFEST-colour*.csv', { cwd: data }))
    for (const line of readFileSync(join(data, manifest), 'utf8').split('\n')) {
      const [, file, , ...rest] = line.split(',');
      if (file && /people|yes|fashion|worn|faces|COCO|stock|classes|coworking|auditoriums|blog/.test(rest.join(',')))
        names.add(basename(file));
    }
  return names;
}

/** Faces of an sRGB photo {data, width, height} in its pixels: x, y, w, h, score, points [x0, y0, ...]. */
async function detected(photo, border) {
  const [mx, my] = [Math.round(photo.width * border), Math.round(photo.height * border)];
  const width = Math.ceil((photo.width + 2 * mx) / 32) * 32;
  const height = Math.ceil((photo.height + 2 * my) / 32) * 32;
  const plane = width * height;
  const input = new Float32Array(3 * plane).fill(border ? 114 : 0);
  for (let y = 0; y < photo.height; y++)
    for (let x = 0; x < photo.width; x++) {
      const to = (y + my) * width + x + mx;
      const from = (y * photo.width + x) * 3;
      for (let c = 0; c < 3; c++) input[(2 - c) * plane + to] = photo.data[from + c];
    }
  const out = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', input, [1, 3, height, width]) });
  const found = [];
  for (const stride of [8, 16, 32]) {
    const [cls, obj, box, points] = ['cls', 'obj', 'bbox', 'kps'].map((name) => out[`${name}_${stride}`].data);
    for (let i = 0; i < cls.length; i++) {
      const score = Math.sqrt(Math.min(1, Math.max(0, cls[i])) * Math.min(1, Math.max(0, obj[i])));
      if (score < UNSURE) continue;
      const [col, row] = [i % (width / stride), Math.floor(i / (width / stride))];
      const [w, h] = [Math.exp(box[4 * i + 2]) * stride, Math.exp(box[4 * i + 3]) * stride];
      found.push({
        x: (col + box[4 * i]) * stride - w / 2 - mx,
        y: (row + box[4 * i + 1]) * stride - h / 2 - my,
        w,
        h,
        score,
        points: Array.from(
          { length: 10 },
          (_, k) => (points[10 * i + k] + (k % 2 ? row : col)) * stride - (k % 2 ? my : mx),
        ),
      });
    }
  }
  return found;
}

/** "face" or "unsure", in a photo of people or of other things. */
function kindOf({ score, w, h }, ofPeople) {
  return score >= (ofPeople ? SURE : SURE_OF_SCENES) && Math.sqrt(w * h) >= LEAST ? 'face' : 'unsure';
}

function overlap(a, b) {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  const shared = Math.max(0, w) * Math.max(0, h);
  return shared / (a.w * a.h + b.w * b.h - shared);
}

/** Non-maximum suppression over all looks. */
function merged(faces) {
  const kept = [];
  for (const face of faces.sort((a, b) => b.score - a.score))
    if (!kept.some((other) => overlap(face, other) > 0.35)) kept.push(face);
  return kept;
}

/** Faces of the photo at `path`, in pixels of its copy of at most LONG. */
async function facesOf(path, size) {
  const long = Math.max(size.width, size.height);
  const faces = [];
  for (const look of LOOKS) {
    if (look.long / long > ENLARGED) continue;
    const photo = sharp(path).resize({
      width: look.long,
      height: look.long,
      fit: 'inside',
      kernel: look.long > long ? 'cubic' : 'lanczos3',
    });
    const { data, info } = await photo.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const f = Math.min(LONG, long) / look.long;
    for (const face of await detected({ data, width: info.width, height: info.height }, look.border))
      faces.push({
        x: face.x * f,
        y: face.y * f,
        w: face.w * f,
        h: face.h * f,
        score: face.score,
        points: face.points.map((v) => v * f),
      });
  }
  return merged(faces);
}

const paths = ['colour/*.webp', 'small/*.webp', 'sharp/*/*.webp', 'matting/*/img/*.webp']
  .flatMap((p) => globSync(p, { cwd: args.data }))
  .filter((p) => !p.startsWith('matting/taught'))
  .sort();
const people = withPeople(args.data);
const rows = new Map();
const empty = [];
for (const [i, path] of paths.entries()) {
  const size = await sharp(join(args.data, path)).metadata();
  const ofPeople = people.has(basename(path)) || /people|matting/.test(path);
  const faces = (await facesOf(join(args.data, path), size)).map((face) => ({ ...face, kind: kindOf(face, ofPeople) }));
  if (faces.some((face) => face.kind === 'face') && (ofPeople || !path.startsWith('colour'))) rows.set(path, faces);
  else if (!faces.length && !ofPeople) empty.push(path);
  if (i % 500 === 499)
    console.log(`${i + 1} of ${paths.length} photos, ${rows.size} with faces, ${empty.length} without`);
}
const hash = (path) =>
  createHash('sha256')
    .update(`negative ${basename(path)}`)
    .digest('hex');
for (const path of empty.sort((a, b) => (hash(a) < hash(b) ? -1 : 1)).slice(0, Number(args.negatives)))
  rows.set(path, []);

mkdirSync(join(args.to, 'face'), { recursive: true });
const lines = ['file,kind,score,x,y,width,height,rx,ry,lx,ly,nx,ny,mrx,mry,mlx,mly'];
let bytes = 0;
for (const [path, faces] of rows) {
  const file = basename(path);
  const small = await sharp(join(args.data, path))
    .resize({ width: LONG, height: LONG, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer();
  bytes += small.length;
  writeFileSync(join(args.to, 'face', file), small);
  if (!faces.length) lines.push(`${file},none`);
  for (const { kind, score, x, y, w, h, points } of faces)
    lines.push([file, kind, score.toFixed(2), ...[x, y, w, h, ...points].map((v) => v.toFixed(1))].join(','));
}
writeFileSync(join(args.to, 'face', 'labels.csv'), `${lines.join('\n')}\n`);
console.log(`${rows.size} photos, ${lines.length - 1} lines, ${(bytes / 1e6).toFixed(1)} MB`);
