import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findModel, OWN_MODELS } from '@hili/engine';
import { evaluateBg } from './bg.ts';
import { evaluateColour } from './colour.ts';
import { evaluateClean, evaluateRepair } from './repair.ts';
import { type Measured, report } from './report.ts';
import { openRunner } from './runner.ts';
import { checkSets, dataFolder, photosOf, sha256 } from './sets.ts';
import { writeSheets } from './sheets.ts';
import { evaluateSr } from './sr.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'docs', 'quality.md');
/** What is written by hand in docs/quality.md stands below this line and is kept. */
const BY_EYE = '## By eye';
/** The figures behind the page, so that one part can be measured again without the others. */
const FIGURES = join(ROOT, 'docs', 'quality.json');
const REFERENCE = 'realesr-general-x4v3_from-upscayl-lite-4x.onnx';

/** A folder of models with the reference weights and a card for them; nothing where they are not. */
async function referenceFolder(data: string): Promise<string | undefined> {
  const source = join(data, 'weights', 'sr', REFERENCE);
  const bytes = await readFile(source).catch(() => undefined);
  if (!bytes) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'hili-reference-'));
  await copyFile(source, join(folder, REFERENCE));
  const graph = { type: 'float32', layout: 'NCHW', channels: 3, range: [0, 1], order: 'RGB' };
  const card = {
    id: 'realesr-general-x4v3',
    task: 'sr',
    file: REFERENCE,
    sha256: sha256(bytes),
    parameters: 1_213_296,
    scale: 4,
    multiple: 1,
    overlap: 36,
    input: { name: 'data', ...graph },
    output: { name: 'output', ...graph },
    licence: 'BSD-3-Clause',
    date: '2021-12-12',
  };
  await writeFile(join(folder, 'sr.json'), JSON.stringify(card));
  return folder;
}

/** The parts that can be measured one at a time, and the models they run. */
const PARTS = {
  sr: ['sr', 'sr4', 'texture', 'texture4', 'severity'],
  repair: ['repair'],
  bg: ['bg', 'refine'],
  colour: ['repair', 'colour'],
} as const;
type Part = keyof typeof PARTS;

const { values } = parseArgs({
  options: {
    /** Measures one part and keeps the figures of the others. */
    only: { type: 'string' },
    /** Writes contact sheets into bench/sheets instead of measuring. */
    sheets: { type: 'boolean' },
    /** Looks at the first photos only, and prints instead of writing. */
    first: { type: 'string' },
  },
});
const data = dataFolder();
if (!data) {
  console.log('skipped: the evaluation photos are not here (HILI_SHARED_DATA names the folder that holds eval/)');
  process.exit(0);
}
if (values.only && !(values.only in PARTS)) {
  console.error(`expected one of ${Object.keys(PARTS).join(', ')} for --only but received ${values.only}`);
  process.exit(2);
}
checkSets(data);
const ours = await openRunner();
const folder = await referenceFolder(data);
const reference = folder ? await openRunner([folder]) : undefined;
const most = Number(values.first ?? 1000);
const set = (name: Parameters<typeof photosOf>[1]) => photosOf(data, name).slice(0, most);
const part: Record<Part, () => Promise<Partial<Measured>>> = {
  sr: async () => ({ sr: await evaluateSr(set('clean'), ours, reference) }),
  repair: async () => ({
    repair: await evaluateRepair(set('clean'), ours),
    clean: await evaluateClean(set('clean'), ours),
    portraits: await evaluateClean(set('portraits'), ours),
  }),
  bg: async () => ({ bg: await evaluateBg(set('matting'), ours) }),
  colour: async () => ({ colour: await evaluateColour(data, ours, most) }),
};

/** The id and weights of the models of a part, and the CPU. */
async function madeWith(name: Part): Promise<string> {
  const models = PARTS[name].map((task) => findModel(task, []).card);
  const text = models.map(({ id, sha256: weights }) => `${id} (${weights.slice(0, 12)})`).join(', ');
  return `${text} on ${cpus().length} cores, ${cpus()[0]?.model.trim()}, ${new Date().toISOString().slice(0, 10)}`;
}

const cardOf = async (task: string) => JSON.parse(await readFile(join(OWN_MODELS, `${task}.json`), 'utf8'));

/** Writes docs/quality.md, keeping what is written by hand, or prints it. */
async function writePage(measured: Omit<Measured, 'cards'>, print: boolean): Promise<void> {
  const cards = { sr: await cardOf('sr'), sr4: await cardOf('sr4'), repair: await cardOf('repair') };
  const text = report({ ...measured, cards });
  const before = await readFile(PAGE, 'utf8').catch(() => '');
  const kept = before.includes(BY_EYE) ? before.slice(before.indexOf(BY_EYE)) : '';
  if (print) console.log(text);
  else await writeFile(PAGE, `${text}\n${kept}`);
}

try {
  if (values.sheets) {
    const target = join(ROOT, 'bench', 'sheets');
    await mkdir(target, { recursive: true });
    await writeSheets(set, ours, target);
  } else {
    // Read again for each part: parts can be measured side by side.
    const figures = async (): Promise<Partial<Measured>> =>
      JSON.parse(await readFile(FIGURES, 'utf8').catch(() => '{}'));
    let measured: Partial<Measured> = {};
    for (const name of Object.keys(PARTS) as Part[]) {
      if (values.only && values.only !== name) continue;
      const found = { ...(await part[name]()), made: { [name]: await madeWith(name) } };
      const before = values.first ? measured : await figures();
      measured = { ...before, ...found, made: { ...before.made, ...found.made } };
      console.log(`${new Date().toISOString().slice(11, 19)} ${name}`);
      if (!values.first) await writeFile(FIGURES, `${JSON.stringify(measured, null, 1)}\n`);
    }
    const missing = Object.keys(PARTS).filter((name) => !measured.made?.[name]);
    if (missing.length > 0)
      console.log(`docs/quality.md is written when these are measured too: ${missing.join(', ')}`);
    else await writePage(measured as Omit<Measured, 'cards'>, values.first !== undefined);
  }
} finally {
  await ours.close();
  await reference?.close();
  if (folder) await rm(folder, { recursive: true });
}
