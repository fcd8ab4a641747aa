import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'rolldown/experimental';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each package may import of ours. */
const ALLOWED: Record<string, readonly string[]> = {
  contract: [],
  engine: [],
  sdk: ['contract'],
  server: ['contract', 'engine'],
  // An operator's commands work on the database itself: docs/decisions/cli-and-server.md.
  cli: ['contract', 'engine', 'sdk', 'server'],
  web: ['contract', 'sdk'],
};
/** Modules and globals that live in one file each. */
const ONE_PLACE: Record<string, string> = {
  sharp: 'packages/engine/src/codec.ts',
  'onnxruntime-node': 'packages/engine/src/sessions.ts',
  busboy: 'packages/server/src/uploads.ts',
};
const ENVIRONMENT = 'packages/server/src/config.ts';

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Module names of every import, re-export and literal dynamic import of one source. */
function importsOf(source: Source): string[] {
  const { module } = parseSync(source.path, source.text);
  const fixed = [...module.staticImports.map((i) => i.moduleRequest.value)];
  for (const statement of module.staticExports)
    for (const entry of statement.entries) if (entry.moduleRequest) fixed.push(entry.moduleRequest.value);
  for (const dynamic of module.dynamicImports)
    fixed.push(source.text.slice(dynamic.moduleRequest.start, dynamic.moduleRequest.end).replaceAll(/['"`]/g, ''));
  return fixed;
}

/** Every breach of the import rule in these sources, in words. */
function breaches(sources: readonly Source[]): string[] {
  const found: string[] = [];
  for (const source of sources) {
    const own = /^packages\/(\w+)\//.exec(source.path)?.[1] ?? '';
    for (const name of importsOf(source)) {
      const other = /^@hili\/(\w+)/.exec(name)?.[1];
      if (other && !ALLOWED[own]?.includes(other)) found.push(`${source.path} imports ${name}`);
      if (/^\.\.?\//.test(name) && !join(source.path, '..', name).startsWith(`packages/${own}/`))
        found.push(`${source.path} reaches into another package: ${name}`);
      if (ONE_PLACE[name] && ONE_PLACE[name] !== source.path) found.push(`${source.path} imports ${name}`);
    }
    if (source.text.includes('process.env') && source.path !== ENVIRONMENT)
      found.push(`${source.path} reads process.env`);
  }
  return found;
}

const sources = readdirSync(join(root, 'packages'))
  .flatMap((name) => readdirSync(join(root, 'packages', name, 'src'), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));

it('keeps the directions of the house: contract and engine import nothing of ours, nothing imports web or cli, and only the cli the server', () => {
  expect(sources.length).toBeGreaterThan(5);
  expect(breaches(sources)).toEqual([]);
});

it('sees a breach when there is one', () => {
  const planted = (path: string, text: string) => breaches([{ path, text }]).length;
  expect(planted('packages/engine/src/a.ts', "import type { A } from '@hili/contract';")).toBe(1);
  expect(planted('packages/sdk/src/a.ts', "export { a } from '@hili/server/x';")).toBe(1);
  expect(planted('packages/web/src/a.ts', "const a = import('@hili/engine');")).toBe(1);
  expect(planted('packages/server/src/a.ts', "import sharp from 'sharp';")).toBe(1);
  expect(planted('packages/server/src/a.ts', 'const a = process.env.A;')).toBe(1);
  expect(planted('packages/server/src/a.ts', "import { a } from '../../engine/src/a.ts';")).toBe(1);
  expect(planted('packages/server/src/a.ts', "import { a } from './b.ts';\nimport { E } from '@hili/engine';")).toBe(0);
});
