// Runs a model file on one raw picture: node verify.mjs MODEL IN OUT HEIGHT WIDTH CHANNELS [REPEATS] (IN: uint8 NHWC; OUT: the raw output tensor).
// Prints the least CPU milliseconds of a run. A CPU without VNNI is told to sum
// products of bytes exactly, as the engine tells it where it must: its own sums saturate.
import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, input, output, height, width, channels, repeats = '1'] = process.argv.slice(2);
const exact = !readFileSync('/proc/cpuinfo', 'latin1').includes('vnni');
const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  extra: { session: { x64quantprecision: exact ? '1' : '0' } },
});
const xin = new ort.Tensor('uint8', new Uint8Array(readFileSync(input)), [
  1,
  Number(height),
  Number(width),
  Number(channels),
]);
let least = Number.POSITIVE_INFINITY;
for (let run = 0; run < Number(repeats); run++) {
  const before = process.cpuUsage();
  const { yout } = await session.run({ xin });
  const { user, system } = process.cpuUsage(before);
  least = Math.min(least, (user + system) / 1000);
  if (run === 0) writeFileSync(output, new Uint8Array(yout.data.buffer, yout.data.byteOffset, yout.data.byteLength));
}
console.log(least);
