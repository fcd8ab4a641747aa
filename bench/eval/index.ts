import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findModel } from '@hili/engine';
import { evaluateBg } from './bg.ts';
import { evaluateColour } from './colour.ts';
import { evaluateClean, evaluateRepair } from './repair.ts';
import { report } from './report.ts';
import { openRunner } from './runner.ts';
import { checkSets, dataFolder, photosOf, sha256 } from './sets.ts';
import { writeSheets } from './sheets.ts';
import { evaluateSr } from './sr.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'docs', 'quality.md');
/** What is written by hand in docs/quality.md stands below this line and is kept. */
const BY_EYE = '## By eye';
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

const { values } = parseArgs({
  options: { sheets: { type: 'boolean' }, 'only-sheets': { type: 'boolean' }, first: { type: 'string' } },
});
const data = dataFolder();
if (!data) {
  console.log('skipped: the evaluation photos are not here (HILI_SHARED_DATA names the folder that holds eval/)');
  process.exit(0);
}
checkSets(data);
const ours = await openRunner();
const folder = await referenceFolder(data);
const reference = folder ? await openRunner([folder]) : undefined;
const said = <T>(what: string, result: T) => {
  console.log(`${new Date().toISOString().slice(11, 19)} ${what}`);
  return result;
};
try {
  const set = (name: Parameters<typeof photosOf>[1]) => photosOf(data, name).slice(0, Number(values.first ?? 1000));
  if (!values['only-sheets']) {
    const measured = {
      sr: said('sr', await evaluateSr(set('clean'), ours, reference)),
      repair: said('repair', await evaluateRepair(set('clean'), ours)),
      clean: said('clean', await evaluateClean(set('clean'), ours)),
      portraits: said('portraits', await evaluateClean(set('portraits'), ours)),
      bg: said('bg', await evaluateBg(set('matting'), ours)),
      colour: said('colour', await evaluateColour(data, ours, Number(values.first ?? 1000))),
      cards: new Map(
        await Promise.all(
          (['sr', 'repair', 'colour', 'bg'] as const).map(async (task) => {
            const { path } = findModel(task, []);
            return [task, JSON.parse(await readFile(path.replace('.onnx', '.json'), 'utf8')).scores ?? {}] as const;
          }),
        ),
      ),
    };
    const text = report(measured, `Machine: ${cpus().length} cores, ${cpus()[0]?.model.trim()}`);
    const before = await readFile(PAGE, 'utf8').catch(() => '');
    const kept = before.includes(BY_EYE) ? before.slice(before.indexOf(BY_EYE)) : '';
    if (values.first) console.log(text);
    else await writeFile(PAGE, kept ? `${text}\n${kept}` : text);
  }
  if (values.sheets || values['only-sheets']) {
    const target = join(ROOT, 'bench', 'sheets');
    await mkdir(target, { recursive: true });
    await writeSheets(set, ours, target);
  }
} finally {
  await ours.close();
  await reference?.close();
  if (folder) await rm(folder, { recursive: true });
}
