import { copyFile, link, mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { draw, folder, hili, lines, OLD_PHOTO, start } from './run.ts';

const FAST = ['--recipe', 'sr', '--scale', '1'];
const names = async (path: string) => (await readdir(path, { recursive: true })).sort();

it('restores an old photo, without a server, to twice its size', async () => {
  const at = await folder();
  const ended = await hili(['enhance', OLD_PHOTO, 'new.jpg', '--recipe', 'sr'], at);
  expect(ended).toMatchObject({ code: 0, stdout: '' });
  expect(ended.stderr).toContain('1 photo restored');
  expect(await sharp(join(at, 'new.jpg')).metadata()).toMatchObject({ format: 'jpeg', width: 2048, height: 1576 });
});

it('takes the format from the name of OUT, and the size from --scale and --long-edge', async () => {
  const at = await folder();
  await draw(join(at, 'a.png'));
  await hili(['enhance', 'a.png', 'b.webp', '--recipe', 'sr', '--scale', '4', '--long-edge', '200'], at);
  expect(await sharp(join(at, 'b.webp')).metadata()).toMatchObject({ format: 'webp', width: 200, height: 133 });
});

it('says why a photo was not coloured, and colours it all the same with --recolour', async () => {
  const at = await folder();
  await draw(join(at, 'a.png'));
  const colour = ['enhance', 'a.png', 'b.png', '--recipe', 'sr,repair,colour', '--scale', '1'];
  expect((await hili(colour, at)).stderr).toContain('not coloured, since it has colours already');
  expect((await hili([...colour, '--recolour'], at)).stderr).not.toContain('not coloured');
});

it('gives what is seen at a place its true colour with --colour-at', async () => {
  const at = await folder();
  await sharp(OLD_PHOTO).resize(384).toFile(join(at, 'a.png'));
  const colour = ['enhance', 'a.png', 'b.png', '--recipe', 'sr,repair,colour', '--scale', '1'];
  const sand = { left: 60, top: 240, width: 20, height: 20 };
  const redness = async () => {
    const [red, , blue] = (await sharp(await sharp(join(at, 'b.png')).extract(sand).toBuffer()).stats()).channels;
    return red!.mean - blue!.mean;
  };
  await hili(colour, at);
  const guessed = await redness();
  await hili([...colour, '--colour-at', '0.18,0.84,#a04030', '--colour-at', '0.8,0.1,#6090c0'], at);
  expect(await redness()).toBeGreaterThan(guessed + 40);
});

it('writes a single result below OUT when OUT is a folder', async () => {
  const at = await folder();
  await draw(join(at, 'a.gif'));
  expect(await hili(['enhance', 'a.gif', 'new/', ...FAST], at)).toMatchObject({ code: 0 });
  expect(await names(join(at, 'new'))).toEqual(['a.png']);
});

it('mirrors a tree, names results by their formats, and leaves other files and hidden ones alone', async () => {
  const at = await folder();
  await mkdir(join(at, 'album', '1936', 'ü b'), { recursive: true });
  await draw(join(at, 'album', 'one.jpg'));
  await draw(join(at, 'album', '1936', 'two.gif'));
  await draw(join(at, 'album', '1936', 'two.png'));
  await draw(join(at, 'album', '1936', 'ü b', 'three.PNG'));
  await draw(join(at, 'album', '.four.png'));
  await draw(join(at, 'misnamed.png'));
  await rename(join(at, 'misnamed.png'), join(at, 'album', 'five.jpg'));
  await writeFile(join(at, 'album', 'notes.txt'), 'not a photo');
  const ended = await hili(['enhance', 'album', 'new', '--json', ...FAST], at);
  expect(lines(ended).at(-1)).toMatchObject({ total: { done: 5, skipped: 0, failed: 0 } });
  expect(ended.code).toBe(0);
  expect(await names(join(at, 'new'))).toEqual(
    [
      '.hili.jsonl',
      '1936',
      '1936/two.gif.png',
      '1936/two.png',
      '1936/ü b',
      '1936/ü b/three.PNG',
      'five.png',
      'one.jpg',
    ].sort(),
  );
  expect((await sharp(join(at, 'new', '1936', 'two.gif.png')).metadata()).format).toBe('png');
});

it('goes on where it stopped: only what is new, changed, or asked for differently is restored', async () => {
  const at = await folder();
  await mkdir(join(at, 'album'));
  for (const name of ['a.png', 'b.png', 'c.png']) await draw(join(at, 'album', name));
  const run = async (...more: string[]) => {
    const all = lines(await hili(['enhance', 'album', 'new', '--json', ...FAST, ...more], at));
    return all.filter((line) => line.state === 'done').map((line) => line.file);
  };
  expect((await run()).sort()).toEqual(['a.png', 'b.png', 'c.png']);
  expect(await run()).toEqual([]);
  await utimes(join(at, 'album', 'a.png'), 1, 1);
  await writeFile(join(at, 'new', 'b.png'), 'cut off');
  await draw(join(at, 'album', 'd.png'));
  expect((await run()).sort()).toEqual(['a.png', 'b.png', 'd.png']);
  expect((await run('--quality', '50')).length).toBe(4);
});

it('does not let a bad file stop the rest, and says so by exit code 1', async () => {
  const at = await folder();
  await mkdir(join(at, 'album'));
  await draw(join(at, 'album', 'good.png'));
  await writeFile(join(at, 'album', 'bad.jpg'), 'a text file by another name');
  await writeFile(join(at, 'album', 'empty.jpg'), '');
  await writeFile(join(at, 'album', 'cut.jpg'), (await readFile(OLD_PHOTO)).subarray(0, 100_000));
  const ended = await hili(['enhance', 'album', 'new', '--json', ...FAST], at);
  expect(ended.code).toBe(1);
  const byFile = new Map(lines(ended).map((line) => [line.file, line.error?.code ?? line.state]));
  expect(byFile.get('good.png')).toBe('done');
  expect(byFile.get('bad.jpg')).toBe('unsupported_type');
  expect(byFile.get('empty.jpg')).toBe('empty');
  expect(byFile.get('cut.jpg')).toBe('damaged');
  expect(await names(join(at, 'new'))).toEqual(['.hili.jsonl', 'good.png']);
});

it('never writes to an input, whatever way leads to it', async () => {
  const at = await folder();
  await mkdir(join(at, 'album', 'album'), { recursive: true });
  await draw(join(at, 'album', 'a.png'), 64, 64);
  await draw(join(at, 'album', 'album', 'a.png'), 96, 96);
  const before = await readFile(join(at, 'album', 'a.png'));
  await link(join(at, 'album', 'a.png'), join(at, 'hard.png'));
  await symlink(join(at, 'album'), join(at, 'soft'));
  for (const [from, to] of [
    ['album/a.png', 'album/a.png'],
    ['album/a.png', 'album'],
    ['album/a.png', 'hard.png'],
    ['album', 'soft'],
    ['album', './album/'],
  ] as const)
    expect(await hili(['enhance', from, to, ...FAST], at)).toMatchObject({ code: 2 });
  // OUT is the parent of IN, so album/album/a.png would become album/a.png, a photo of the same run.
  const ended = await hili(['enhance', 'album', '.', '--json', '--overwrite', ...FAST], at);
  expect(await readFile(join(at, 'album', 'a.png'))).toEqual(before);
  expect(lines(ended).find((line) => line.file === 'album/a.png')).toMatchObject({ state: 'failed' });
});

it('replaces no file in a folder that it has not made, unless --overwrite says so', async () => {
  const at = await folder();
  await mkdir(join(at, 'album'));
  await mkdir(join(at, 'new'));
  await draw(join(at, 'album', 'a.png'));
  await writeFile(join(at, 'new', 'a.png'), 'a file of the caller');
  expect(await hili(['enhance', 'album', 'new', ...FAST], at)).toMatchObject({ code: 1 });
  expect(await readFile(join(at, 'new', 'a.png'), 'utf8')).toBe('a file of the caller');
  expect(await hili(['enhance', 'album', 'new', '--overwrite', ...FAST], at)).toMatchObject({ code: 0 });
  expect((await sharp(join(at, 'new', 'a.png')).metadata()).width).toBe(96);
});

it('stops at Ctrl-C with exit code 130 and leaves nothing half-way', async () => {
  const at = await folder();
  await mkdir(join(at, 'album'));
  await draw(join(at, 'album', 'a.png'));
  for (const name of ['b.jpg', 'c.jpg', 'd.jpg']) await copyFile(OLD_PHOTO, join(at, 'album', name));
  const args = ['enhance', 'album', 'new', '--json', '--recipe', 'sr', '--scale', '4', '--processes', '1'];
  const { child, ended } = start(args, at);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  child.kill('SIGINT');
  const stopped = await ended;
  expect(stopped.code).toBe(130);
  expect(lines(stopped).at(-1).total).toMatchObject({ failed: 0 });
  const { done } = lines(stopped).at(-1).total;
  expect(done).toBeLessThan(4);
  const left = (await names(join(at, 'new'))).filter((name) => name !== '.hili.jsonl');
  expect(left.length).toBe(done);
  for (const name of left) expect((await stat(join(at, 'new', name))).size).toBeGreaterThan(0);
});

it('answers a wrong command line with exit code 2 and what it expected', async () => {
  const at = await folder();
  await draw(join(at, 'a.png'));
  for (const [args, words] of [
    [['a.png', 'b.png', '--scale', '3'], '1, 2, 4'],
    [['a.png', 'b.png', '--recipe', 'repair'], 'Expected sr'],
    [['a.png', 'b.png', '--rgb', '0,0,0'], 'expected --recipe bg'],
    [['a.png', 'b.png', '--recipe', 'bg', '--rgb', '0,0,256'], 'Expected three numbers'],
    [['a.png', 'b.png', '--colour-at', '0.5,0.5,#123456'], 'expected --recipe sr,repair,colour'],
    [['a.png', 'b.png', '--colour-at', '0.5,1.5,#123456'], 'Expected x,y,#rrggbb'],
    [['a.png', 'b.png', ...Array(25).fill('--colour-at=0,0,#123456')], 'Expected 24 colours at most'],
    [['.', 'new', '--recipe', 'sr,repair,colour', '--colour-at', '0,0,#123456'], 'expected one photo'],
    [['a.png', 'b.png', '--long-edge', '7000'], 'from 16 to 6000'],
    [['a.png', 'b.png', '--quality', 'high'], 'from 1 to 100'],
    [['a.png', 'b.png', '--texture', '50'], 'from 0 to 1'],
    [['a.png', 'b.png', '--recipe', 'bg', '--texture', '0.5'], 'received --recipe bg'],
    [['a.png', 'b.png', '--scale', '1', '--texture', '0.5'], 'received --scale 1'],
    [['a.png', 'b.png', '--format', 'jpeg'], 'expected an ending of jpeg'],
    [['a.png', 'b.gif'], 'expected an ending such as'],
    [['a.png', 'b.png', '--secret', 'x'], 'expected --remote'],
    [['nothing.png', 'b.png'], 'found nothing at'],
    [['a.png'], 'missing required argument'],
  ] as const) {
    const ended = await hili(['enhance', ...args], at);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  }
  expect(await names(at)).toEqual(['a.png']);
});

it('reads relative paths from where the caller stands, also under npm', async () => {
  const at = await folder();
  await draw(join(at, 'a.png'));
  const npm = { INIT_CWD: at, npm_lifecycle_event: 'hili' };
  expect(await hili(['enhance', 'a.png', 'b.png', ...FAST], '/', npm)).toMatchObject({ code: 0 });
  expect(await names(at)).toEqual(['a.png', 'b.png']);
});

it('explains itself: help names every option of enhance and gives examples', async () => {
  const { code, stdout } = await hili(['enhance', '--help'], '/');
  expect(code).toBe(0);
  for (const word of [
    '--recipe',
    '--scale',
    '--long-edge',
    '--texture',
    '--format',
    '--quality',
    '--rgb',
    '--colour-at',
    '--json',
    '--remote',
    'Examples:',
  ])
    expect(stdout).toContain(word);
});
