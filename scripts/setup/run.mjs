import { spawn } from 'node:child_process';
import { fail } from './fail.mjs';
import { alsoHeldBy } from './lock.mjs';

/**
 * Runs a program to its end; what it prints to stdout is dropped, its errors are shown.
 * @returns whether it succeeded; without `mayFail` a failure ends the set-up.
 */
export function run(command, args, { what, cwd, env = process.env, mayFail = false, quiet = false }) {
  if (what) console.error(`hili: ${what} …`);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', quiet ? 'ignore' : 'inherit'] });
    alsoHeldBy(child.pid);
    const stop = () => child.kill();
    process.once('exit', stop);
    const ended = (ok, how) => {
      process.removeListener('exit', stop);
      if (!ok && !mayFail) fail(`expected success for ${what ?? command} but received ${how}`);
      resolve(ok);
    };
    child.once('error', (error) => ended(false, error.message));
    child.once('exit', (code, signal) => ended(code === 0, signal ?? `exit code ${code}`));
  });
}
