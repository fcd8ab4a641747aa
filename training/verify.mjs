// Runs a model file on one raw picture: node verify.mjs MODEL IN OUT HEIGHT WIDTH (IN: uint8 NHWC RGB; OUT: the raw output tensor).
import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, input, output, height, width] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
const bytes = new Uint8Array(readFileSync(input));
const { yout } = await session.run({ xin: new ort.Tensor('uint8', bytes, [1, Number(height), Number(width), 3]) });
writeFileSync(output, new Uint8Array(yout.data.buffer, yout.data.byteOffset, yout.data.byteLength));
