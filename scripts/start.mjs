// Sets up what is missing, starts the server, or with the word `worker` a worker alone, with the Node of this checkout, and passes on the
// signals that end it. Runs on Node 20 without dependencies. One program for all of it, by `exec` in package.json: npm passes signals to
// its child only, and a shell there would die alone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const own = join(root, 'node_modules', '.bin', 'node');
const name = process.argv[2] === 'worker' ? 'worker' : 'main';

// The channel tells it of our end, even when we are killed.
const child = spawn(existsSync(own) ? own : process.execPath, [join(root, 'packages', 'server', 'src', `${name}.ts`)], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(`hili: expected Node to start ${name}.ts but received: ${error.message}`);
  process.exit(1);
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
