import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { findModel, ModelCard, OWN_MODELS, openEngine, PhotoError } from '../src/index.ts';
import { openNetworks } from '../src/sessions.ts';
import { runTiled } from '../src/tiles.ts';
import { fileOf, pixelsOf, psnr, SHARED, scene, worst } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'hili-models-'));
const engine = openEngine({ processes: 1, modelFolders: [folder] });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});
const own = (name: string) => join(import.meta.dirname, 'models', name);
const reason = (run: () => unknown) => {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof PhotoError ? error.reason : error;
  }
};

it('comes with a card for each of its models: task, parameters, sha256, training data and licence, scores, date', () => {
  const cards = readdirSync(OWN_MODELS).filter((name) => name.endsWith('.json'));
  expect(cards.length).toBeGreaterThan(1);
  for (const name of cards) {
    const text = JSON.parse(readFileSync(join(OWN_MODELS, name), 'utf8'));
    const card = ModelCard.parse(text);
    expect(`${card.task}.json`).toBe(name);
    expect(
      createHash('sha256')
        .update(readFileSync(join(OWN_MODELS, card.file)))
        .digest('hex'),
    ).toBe(card.sha256);
    expect(card.parameters).toBeGreaterThan(1000);
    expect(text.trainingData.length).toBeGreaterThan(0);
    for (const set of text.trainingData)
      expect(set).toMatchObject({ name: expect.any(String), licences: expect.any(String) });
    expect(Object.keys(text.scores).length).toBeGreaterThan(0);
    expect([card.input.type, card.input.layout]).toEqual(['uint8', 'NHWC']);
  }
});

it('takes the first folder that has a model for the task, and its own last', () => {
  expect(findModel('sr', [folder, own('steps'), own('black')]).card.id).toBe('steps-1');
  expect(findModel('sr', [own('black'), own('steps')]).card.id).toBe('black-1');
  expect(findModel('colour', [own('black')]).path).toBe(join(OWN_MODELS, 'colour.onnx'));
});

it('refuses weights that are not those of the card, and cards that are not whole', () => {
  const card = readFileSync(join(own('steps'), 'sr.json'), 'utf8');
  const weights = readFileSync(join(own('steps'), 'sr.onnx'));
  const wrong = mkdtempSync(join(folder, 'wrong-'));
  writeFileSync(join(wrong, 'sr.json'), card);
  writeFileSync(join(wrong, 'sr.onnx'), Buffer.concat([weights, Buffer.from([0])]));
  expect(reason(() => findModel('sr', [wrong]))).toBe('no_model');
  for (const bad of ['{', '{}', card.replace('"sr.onnx"', '"../sr.onnx"'), card.replace('"scale": 2', '"scale": 0')]) {
    writeFileSync(join(wrong, 'sr.json'), bad);
    expect(reason(() => findModel('sr', [wrong]))).toBe('no_model');
  }
  rmSync(join(wrong, 'sr.onnx'));
  writeFileSync(join(wrong, 'sr.json'), card);
  expect(reason(() => findModel('sr', [wrong]))).toBe('no_model');
});

it('calls a model of float planes, BGR, in another range and with a tile multiple, by its card', async () => {
  const networks = openNetworks([own('steps')]);
  const photo = scene(203, 101);
  const twice = await runTiled(await networks.network('sr'), photo, 406, 202, () => {});
  await networks.release();
  const at = (x: number, y: number) => twice.data.subarray(3 * (y * 406 + x), 3 * (y * 406 + x) + 3);
  for (const [x, y] of [
    [0, 0],
    [100, 50],
    [202, 100],
    [57, 99],
  ] as const)
    expect(
      worst(at(2 * x + 1, 2 * y), photo.data.subarray(3 * (y * 203 + x), 3 * (y * 203 + x) + 3)),
    ).toBeLessThanOrEqual(1);
});

const reference = join(SHARED, 'weights', 'sr', 'realesr-general-x4v3_from-upscayl-lite-4x.onnx');
it.skipIf(!existsSync(reference))(
  'runs a stronger model from the operator’s folder in the recipe, by its card alone',
  async () => {
    const wire = { type: 'float32', layout: 'NCHW', channels: 3, range: [0, 1], order: 'RGB' };
    const weights = readFileSync(reference);
    writeFileSync(join(folder, 'sr.onnx'), weights);
    const card = {
      id: 'realesr-general-x4v3',
      task: 'sr',
      file: 'sr.onnx',
      sha256: createHash('sha256').update(weights).digest('hex'),
      parameters: 1_210_000,
      scale: 4,
      multiple: 1,
      overlap: 34,
      input: { name: 'data', ...wire },
      output: { name: 'output', ...wire },
      licence: 'BSD-3-Clause',
      date: '2022-09-20',
    };
    writeFileSync(join(folder, 'sr.json'), JSON.stringify(card));
    const photo = scene(96, 72);
    const { bytes, report } = await engine.enhance(await fileOf(photo, 'png'), 'sr', { scale: 4 });
    expect(report).toMatchObject({ output: { width: 384, height: 288 }, steps: [{ model: 'realesr-general-x4v3' }] });
    const back = await pixelsOf(await sharp(bytes).resize(96, 72).png().toBuffer());
    expect(psnr(back, photo)).toBeGreaterThan(22);
    rmSync(join(folder, 'sr.json'));
  },
);
