// Develops: the server, started anew when its sources change, and the page at http://localhost:5173, which changes under the eyes.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const own = (name) => join(root, 'node_modules', '.bin', name);

const programs = [
  spawn(own('node'), ['--watch', '--watch-preserve-output', 'packages/server/src/main.ts'], {
    cwd: root,
    stdio: 'inherit',
  }),
  spawn(own('node'), [own('vite')], { cwd: join(root, 'packages', 'web'), stdio: 'inherit' }),
];
const stop = () => {
  for (const program of programs) program.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
for (const program of programs) program.once('exit', stop);
