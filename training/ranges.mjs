// Ranges of tensors over tiles: node ranges.mjs MODEL TILES COUNT HEIGHT WIDTH CHANNELS NAME... (TILES: uint8 NHWC). Prints JSON {name: [low, high]},
// cut at the 0.01 and 99.99 percentiles, averaged over tiles with the extremes.
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, tiles, count, height, width, channels, ...names] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
const bytes = new Uint8Array(readFileSync(tiles));
const size = channels * height * width;
const ranges = Object.fromEntries(names.map((name) => [name, { lows: [], highs: [] }]));
for (let tile = 0; tile < count; tile++) {
  const xin = new ort.Tensor('uint8', bytes.slice(tile * size, (tile + 1) * size), [
    1,
    Number(height),
    Number(width),
    Number(channels),
  ]);
  const results = await session.run({ xin }, names);
  for (const name of names) {
    const sorted = Float32Array.from(results[name].data).sort();
    const cut = Math.floor(sorted.length / 10_000);
    ranges[name].lows.push(sorted[cut]);
    ranges[name].highs.push(sorted[sorted.length - 1 - cut]);
  }
}
console.log(
  JSON.stringify(
    Object.fromEntries(names.map((n) => [n, [Math.min(...ranges[n].lows), Math.max(...ranges[n].highs)]])),
  ),
);
