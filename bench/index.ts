// npm run bench: speed and memory of engine, server and page, then quality on the frozen photos where they are. Writes docs/benchmarks.md.
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchEngine } from './engine.ts';
import { dataFolder } from './eval/sets.ts';
import { benchHttp } from './http.ts';
import { benchWeb } from './web.ts';

const { values } = parseArgs({
  options: {
    /** Leaves out the quality on the frozen photos, which takes longer than all the rest. */
    'speed-only': { type: 'boolean' },
  },
});
const load = loadavg()[0] as number;
const engine = await benchEngine();
const http = await benchHttp();
const web = await benchWeb();
const gigabytes = (totalmem() / 1024 ** 3).toFixed(0);
const page = `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${availableParallelism()} cores, ${cpus()[0]?.model.trim()}, ${gigabytes} GiB, Node ${process.versions.node}.
The machine's load was ${load.toFixed(1)} before it began; compare ratios within one run, not seconds between runs.
Quality, and the CPU seconds of other methods beside ours: [quality.md](quality.md).

## Engine

${engine}

## Server

${http}

## Page

${web}
`;
await writeFile(join(import.meta.dirname, '..', 'docs', 'benchmarks.md'), page);
console.log(page);
if (dataFolder() && !values['speed-only'])
  process.exitCode = spawnSync(process.execPath, [join(import.meta.dirname, 'eval', 'index.ts')], {
    stdio: 'inherit',
  }).status as number;
