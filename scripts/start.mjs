// Sets up what is missing, starts the server with the Node of this checkout, and passes on the signals that end it. Runs on Node 20
// without dependencies. npm passes signals to its child only, a shell that dies alone: `exec` in package.json puts this in its place.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const own = join(root, 'node_modules', '.bin', 'node');
const main = join(root, 'packages', 'server', 'src', 'main.ts');

// The channel tells the server of our end, even when we are killed.
const server = spawn(existsSync(own) ? own : process.execPath, [main], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.once('error', (error) => {
  console.error(`hili: expected Node to start the server but received: ${error.message}`);
  process.exit(1);
});
server.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
