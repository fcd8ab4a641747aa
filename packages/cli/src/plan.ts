import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import type { OutputFormat } from '@hili/engine';
import { UsageError } from './failures.ts';

/** One photo and where its result goes. */
export interface Task {
  /** Path below IN, with `/`; the file's name when IN is a file. */
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

export interface Plan {
  readonly tasks: readonly Task[];
  /** Files below IN that are not photos by their names. */
  readonly others: number;
  /** The folder OUT; undefined when IN is one file. */
  readonly folder?: string;
  /** The format that all results take; undefined for each photo's own. */
  readonly format: OutputFormat | undefined;
  /** Whether a file of this identity is one of the photos. */
  readonly isInput: (path: string) => Promise<boolean>;
}

const PHOTO = /\.(jpe?g|jpe|jfif|png|webp|avif|tiff?|gif|bmp|heic|heif)$/i;
const ENDINGS: Readonly<Record<string, OutputFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.jfif': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};
/** What the engine writes for formats that it only reads. */
const READ_ONLY: Readonly<Record<string, OutputFormat>> = {
  '.gif': 'png',
  '.bmp': 'png',
  '.heic': 'jpeg',
  '.heif': 'jpeg',
};

/** The format that a file's name promises. */
export const formatOf = (path: string): OutputFormat | undefined => ENDINGS[extname(path).toLowerCase()];

/** Gives a path the usual ending of a format unless it has one of that format already. */
export function withEnding(path: string, format: OutputFormat): string {
  if (formatOf(path) === format) return path;
  const ending = extname(path);
  return `${ending ? path.slice(0, -ending.length) : path}.${format === 'jpeg' ? 'jpg' : format}`;
}

const identity = ({ dev, ino }: { dev: bigint; ino: bigint }) => `${dev}:${ino}`;

async function identityAt(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && identity(found);
}

/** Every file below a folder in the order of names; links to folders are not followed, names with a dot in front are left alone. */
async function* filesBelow(folder: string, except: string | undefined): AsyncGenerator<string> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (!entry.isDirectory()) yield path;
    else if ((await identityAt(path)) !== except) yield* filesBelow(path, except);
  }
}

/** Names for the results: where two photos differ only by their endings, the one that changes its ending keeps the old one too. */
function targetsOf(names: readonly string[], format: OutputFormat | undefined): string[] {
  const plain = names.map((name) => {
    const wanted = format ?? READ_ONLY[extname(name).toLowerCase()] ?? formatOf(name);
    return wanted ? withEnding(name, wanted) : name;
  });
  const uses = Map.groupBy(plain, (target) => target.toLowerCase());
  const taken = new Set(names.filter((name, i) => name === plain[i]).map((name) => name.toLowerCase()));
  return plain.map((target, i) => {
    const name = names[i] as string;
    if (target === name) return name;
    let free = uses.get(target.toLowerCase())?.length === 1 ? target : name + extname(target);
    while (taken.has(free.toLowerCase())) free += extname(target);
    taken.add(free.toLowerCase());
    return free;
  });
}

async function task(name: string, source: string, target: string): Promise<Task> {
  const { size, mtimeMs } = await stat(source);
  return { name: name.split(sep).join('/'), source, target, bytes: size, changedAt: mtimeMs };
}

async function planFolder(from: string, to: string, format: OutputFormat | undefined): Promise<Plan> {
  if ((await identityAt(from)) === (await identityAt(to)))
    throw new UsageError('expected another folder for OUT but received IN itself');
  if ((await stat(to).catch(() => undefined))?.isDirectory() === false)
    throw new UsageError(`expected a folder for OUT, since IN is one, but received the file ${to}`);
  const files: string[] = [];
  let others = 0;
  const inputs = new Set<string>();
  for await (const path of filesBelow(from, await identityAt(to))) {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    if (found?.isFile() && PHOTO.test(path)) {
      files.push(path);
      inputs.add(identity(found));
    } else others++;
  }
  const names = files.map((path) => relative(from, path));
  const targets = targetsOf(names, format);
  const tasks = await Promise.all(
    names.map((name, i) => task(name, files[i] as string, join(to, targets[i] as string))),
  );
  return { tasks, others, folder: to, format, isInput: async (path) => inputs.has((await identityAt(path)) ?? '') };
}

async function planFile(from: string, to: string, format: OutputFormat | undefined): Promise<Plan> {
  const into = /[\\/]$/.test(to) || (await stat(to).catch(() => undefined))?.isDirectory();
  const target = into ? join(to, targetsOf([basename(from)], format)[0] as string) : to;
  const promised = formatOf(target);
  if (!promised && extname(target))
    throw new UsageError(`expected an ending such as .jpg, .png, .webp, .avif or .tiff for OUT but received ${target}`);
  if (promised && format && promised !== format)
    throw new UsageError(`expected an ending of ${format} for OUT but received ${basename(target)}`);
  const own = await identityAt(from);
  const isInput = async (path: string) => (await identityAt(path)) === own;
  if (await isInput(target)) throw new UsageError('expected another file for OUT but received IN itself');
  return {
    tasks: [await task(basename(from), from, target)],
    others: 0,
    format: format ?? (into ? undefined : promised),
    isInput,
  };
}

/**
 * Finds the photos of IN and decides where each result goes: one file, or the same tree below OUT.
 * @throws UsageError when IN is not there or OUT cannot be what it would have to be.
 */
export async function plan(from: string, to: string, format: OutputFormat | undefined): Promise<Plan> {
  const found = await stat(from).catch(() => undefined);
  if (!found) throw new UsageError(`expected a photo or a folder for IN but found nothing at ${from}`);
  if (found.isDirectory()) return planFolder(from, to, format);
  return planFile(from, to, format);
}
