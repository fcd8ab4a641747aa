import type { ColourFigures } from './colour.ts';
import type { Summary } from './runner.ts';

interface Card {
  readonly scores: Readonly<Record<string, unknown>>;
  readonly int8?: { readonly psnrLoss: number; readonly speedUp: number };
}

/** Everything that one evaluation measured. */
export interface Measured {
  readonly sr: Readonly<Record<string, Summary>>;
  readonly repair: Summary;
  readonly clean: Summary;
  readonly portraits: Summary;
  readonly colour: ColourFigures;
  readonly bg: Summary;
  /** The model cards, for what only the training's own evaluation can see. */
  readonly cards: Readonly<Record<'sr' | 'repair', Card>>;
  /** What each part was measured with: sha256 of the weights, and the machine. */
  readonly made: Readonly<Record<string, string>>;
}

interface Column {
  readonly title: string;
  readonly key: string;
  readonly digits: number;
}

const PICTURE: readonly Column[] = [
  { title: 'PSNR-Y dB', key: 'psnrY', digits: 2 },
  { title: 'SSIM', key: 'ssim', digits: 4 },
  { title: 'GMSD', key: 'gmsd', digits: 4 },
  { title: 'HaarPSI', key: 'haarPsi', digits: 4 },
  { title: 'CPU s', key: 'seconds', digits: 2 },
];
const SR = [...PICTURE.slice(0, 4), { title: 'detail gap', key: 'detailGap', digits: 2 }, ...PICTURE.slice(4)];
const REPAIR = [...PICTURE.slice(0, 4), { title: 'median dE2000', key: 'deltaE', digits: 2 }, ...PICTURE.slice(4)];
const BG: readonly Column[] = [
  { title: 'MAD', key: 'mad', digits: 4 },
  { title: 'MAD in the soft band', key: 'bandMad', digits: 4 },
  { title: 'rim dE2000 on white', key: 'rim', digits: 2 },
  { title: 'CPU s', key: 'seconds', digits: 2 },
];

const fixed = (value: number, digits: number) => (Number.isNaN(value) ? '-' : value.toFixed(digits));

/** Not a number where a method has no such figure. */
const mean = (rows: Summary, method: string, key: string) => rows[method]?.[key]?.mean ?? Number.NaN;

/** A table of means, one line a method. */
function table(rows: Summary, columns: readonly Column[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['method', ...columns.map((c) => c.title)]),
    line(['---', ...columns.map(() => '---')]),
    ...Object.keys(rows).map((method) =>
      line([method, ...columns.map((c) => fixed(mean(rows, method, c.key), c.digits))]),
    ),
  ].join('\n');
}

const over = (rows: Summary, method: string, key: string) => mean(rows, 'ours', key) - mean(rows, method, key);

/** The classical method with the best mean of `key`, whichever it is. */
function bestClassical(rows: Summary, key: string, higher = true): string {
  const names = Object.keys(rows).filter((name) => !/^(ours|realesr)/.test(name));
  return names.toSorted((a, b) => (higher ? 1 : -1) * (mean(rows, b, key) - mean(rows, a, key)))[0]!;
}

interface Gate {
  readonly what: string;
  readonly must: string;
  readonly aim: string;
  readonly got: string;
  readonly met: boolean | undefined;
}

function gates(m: Measured): Gate[] {
  const [x2, x4, blind] = ['x2 clean', 'x4 clean', 'x4 blind'].map((name) => m.sr[name]!) as [
    Summary,
    Summary,
    Summary,
  ];
  const classical = bestClassical(blind, 'psnrY');
  const blindGmsd = mean(blind, 'ours', 'gmsd') / mean(blind, bestClassical(blind, 'gmsd', false), 'gmsd') - 1;
  const chain = bestClassical(m.repair, 'psnrY');
  const [gain, ssim] = [over(m.repair, chain, 'psnrY'), over(m.repair, bestClassical(m.repair, 'ssim'), 'ssim')];
  const repairCard = m.cards.repair.scores;
  const [f1, alarm] = [Number(repairCard.maskF1Within2), 100 * Number(repairCard.falseAlarm)];
  const cleanMean = mean(m.clean, 'ours', 'psnrY');
  const balanced = (method: string) => m.colour.auc[method]![1];
  const rebalanced = balanced('ours') - balanced('grey');
  const colour = (key: string) => mean(m.colour.rows, 'ours', key);
  const ratio = colour('colourfulness') / colour('true');
  const brown = colour('brown');
  const shares = Object.entries(m.colour.regions).map(
    ([name, r]) => [name, (100 * r.passed) / Math.max(1, r.photos), r.photos] as const,
  );
  const [matte, rim] = [mean(m.bg, 'ours', 'mad'), mean(m.bg, 'ours', 'rim')];
  const int8 = Object.entries(m.cards).flatMap(([task, card]) => (card.int8 ? [[task, card.int8] as const] : []));
  const dB = (v: number) => `${v >= 0 ? '+' : ''}${v.toFixed(2)} dB`;
  return [
    {
      what: 'sr x2 clean over Lanczos3, PSNR-Y',
      must: '+2.2 dB',
      aim: '+2.8 dB',
      got: dB(over(x2, 'Lanczos3', 'psnrY')),
      met: over(x2, 'Lanczos3', 'psnrY') >= 2.2,
    },
    {
      what: 'sr x4 clean over bicubic, PSNR-Y',
      must: '+0.9 dB',
      aim: '+1.4 dB',
      got: dB(over(x4, 'bicubic', 'psnrY')),
      met: over(x4, 'bicubic', 'psnrY') >= 0.9,
    },
    {
      what: `sr x4 blind over the best classical (${classical}); GMSD`,
      must: '+0.6 dB; -10 %',
      aim: '+1.1 dB; -20 %',
      got: `${dB(over(blind, classical, 'psnrY'))}; ${(100 * blindGmsd).toFixed(1)} %`,
      met: over(blind, classical, 'psnrY') >= 0.6 && blindGmsd <= -0.1,
    },
    {
      what: `repair, photos made old, over the best classical (${chain}); SSIM; median dE2000`,
      must: '+2 dB; +0.05',
      aim: '+4 dB; +0.12; 5',
      got: `${dB(gain)}; ${ssim.toFixed(3)}; ${mean(m.repair, 'ours', 'deltaE').toFixed(1)}`,
      met: gain >= 2 && ssim >= 0.05,
    },
    {
      what: 'damage detector F1 within 2 px, mean of photos (all their pixels together); false alarm on clean (training set-up)',
      must: '0.70; 0.5 %',
      aim: '0.85; 0.3 %',
      got: `${f1.toFixed(2)} (${Number(repairCard.maskF1Within2OfAll).toFixed(2)}); ${alarm.toFixed(2)} %`,
      met: f1 >= 0.7 && alarm <= 0.5,
    },
    {
      what: 'a clean photo through repair; portraits, MS-SSIM',
      must: '36 dB',
      aim: '39 dB; 0.99',
      got: `${cleanMean.toFixed(1)} dB (worst ${m.clean.ours!.psnrY!.min.toFixed(1)}); ${mean(m.portraits, 'ours', 'msSsim').toFixed(4)}`,
      met: cleanMean >= 36,
    },
    {
      what: 'colour: balanced AuC over grey; colourfulness ratio; brown',
      must: '+4; 0.65 to 1.3; 12',
      aim: '+8; 0.8 to 1.15; 6',
      got: `${rebalanced >= 0 ? '+' : ''}${rebalanced.toFixed(1)}; ${ratio.toFixed(2)}; ${brown.toFixed(1)}`,
      met: rebalanced >= 4 && ratio >= 0.65 && ratio <= 1.3 && brown <= 12,
    },
    {
      what: 'colour: share of photos whose region keeps its hue',
      must: '75 %',
      aim: '90 %',
      got: shares.map(([name, share, n]) => `${name} ${share.toFixed(0)} % of ${n}`).join(', '),
      met: shares.every(([, share]) => share >= 75),
    },
    {
      what: 'bg: MAD on real portraits; rim on white',
      must: '0.018; 6',
      aim: '0.009; 3.5',
      got: `${matte.toFixed(3)}; ${rim.toFixed(1)}`,
      met: matte <= 0.018 && rim <= 6,
    },
    {
      what: 'int8 against float32, PSNR-Y lost (faster, where it was made)',
      must: '0.05 dB',
      aim: '0.02 dB',
      got: int8
        .map(([task, { psnrLoss, speedUp }]) => `${task} ${psnrLoss.toFixed(3)} dB (${speedUp} times)`)
        .join(', '),
      met: int8.length > 0 && int8.every(([, { psnrLoss }]) => psnrLoss <= 0.05),
    },
    {
      what: 'seconds on 2 cores, end to end: x2 of 1 MP; x4 to 24 MP; colour 24 MP; bg 12 MP',
      must: '1.5; 6; 2.5; 1.5',
      aim: '0.7; 2; 1.2; 0.6',
      got: '[benchmarks.md](benchmarks.md)',
      met: undefined,
    },
  ];
}

/** The measured part of docs/quality.md. */
export function report(m: Measured): string {
  const lines = gates(m).map(
    (g) => `| ${g.what} | ${g.must} | ${g.aim} | ${g.got} | ${g.met === undefined ? '-' : g.met ? 'yes' : '**no**'} |`,
  );
  const auc = Object.entries(m.colour.auc).map(
    ([name, [plain, balanced]]) => `| ${name} | ${plain.toFixed(1)} | ${balanced.toFixed(1)} |`,
  );
  return `# Quality

Measured by \`npm run eval\` through the engine as it ships, on photos frozen by sha256 (\`bench/eval/sets.json\`) that no training saw.
CPU seconds are those of all threads, for one photo on average, reading and writing PNG included for the engine.

| part | measured with |
| --- | --- |
${Object.entries(m.made)
  .map(([part, text]) => `| ${part} | ${text} |`)
  .join('\n')}

## Gates

| task | must | aim | measured | must met |
| --- | --- | --- | --- | --- |
${lines.join('\n')}

## Enlargement (24 clean photos, 768 x 512)

"Detail gap" is how far the strength of fine detail is from the truth's, in octaves, wherever it lies. Texture (\`--texture\`) is meant to close it and must cost
PSNR: it is noise.

${Object.entries(m.sr)
  .map(([name, rows]) => `### ${name}\n\n${table(rows, SR)}`)
  .join('\n\n')}

## Repair (24 clean photos made old by \`bench/eval/old-photo.ts\`)

${table(m.repair, REPAIR)}

The same photos undamaged, and the portraits, through \`sr,repair\` at their own size (untouched counts as 60 dB):

| set | PSNR-Y dB | worst | MS-SSIM |
| --- | --- | --- | --- |
${[['clean', m.clean] as const, ['portraits', m.portraits] as const]
  .map(
    ([name, rows]) =>
      `| ${name} | ${mean(rows, 'ours', 'psnrY').toFixed(2)} | ${rows.ours!.psnrY!.min.toFixed(2)} | ${mean(rows, 'ours', 'msSsim').toFixed(4)} |`,
  )
  .join('\n')}

## Colour (${m.colour.photos} held-out photos made grey)

| method | AuC of the ab error, % | balanced by rarity, % |
| --- | --- | --- |
${auc.join('\n')}

${table(m.colour.rows, [
  { title: 'colourfulness', key: 'colourfulness', digits: 1 },
  { title: 'of the true photo', key: 'true', digits: 1 },
  { title: 'brown, points above the truth', key: 'brown', digits: 1 },
  { title: 'median dE2000', key: 'deltaE', digits: 2 },
  { title: 'CPU s', key: 'seconds', digits: 2 },
])}

"Mean by luminance" is fitted on these very photos, so it is the most that a single toning curve could reach.

## Background (real portraits with alpha, 1024 px)

${table(m.bg, BG)}
`;
}
