// Makes a checkout ready: dependencies (npm ci), PostgreSQL's library links, the built page when it exists. Runs on Node 20 without
// dependencies; when nothing is missing it only reads two small files.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.hili-lock-sha256');
const node = join(root, 'node_modules', '.bin', 'node');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

function run(command, args, what) {
  console.error(`hili: ${what} …`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) {
    console.error(`hili: expected success for ${what} but received ${error?.message ?? `exit code ${status}`}.`);
    process.exit(1);
  }
}

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`hili: expected Node 20 or newer but received ${process.versions.node}.`);
  process.exit(1);
}
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node);
if (!installed) {
  run('npm', ['ci', '--loglevel=error'], 'installing the dependencies (npm ci; about a minute, once)');
  if (!existsSync(node)) {
    console.error(
      'hili: expected Node 24 in node_modules/.bin but received none. Are install scripts switched off (ignore-scripts)?',
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
