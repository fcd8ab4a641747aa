import {
  appendFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from './fail.mjs';

/** Milliseconds after the holder's last sign of life until its orphans (an npm that outlived it) no longer count. */
const ABANDONED = 300_000;
const SIGN_OF_LIFE = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

let held;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user.
    return error.code === 'EPERM';
  }
}

/** The file names its holder and every program that the holder has started, a process id a line. */
function isHeld(path) {
  try {
    const pids = readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number);
    const others = pids.filter((pid) => pid !== process.pid);
    return Date.now() - statSync(path).mtimeMs < ABANDONED && others.some(isAlive);
  } catch {
    return false;
  }
}

/** Removes the lock of a holder that is gone; puts back one that another process has taken at the same moment. */
function clear(path) {
  const aside = `${path}.${process.pid}`;
  try {
    const holder = readFileSync(path, 'utf8');
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

/** Takes the lock file, or says why not. */
function take(path) {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      fail(`expected a folder that this user may write to but received ${error.code} for ${path}`);
    return false;
  }
}

/** Keeps the lock for a program that was started, should it outlive this process. */
export function alsoHeldBy(pid) {
  if (held && pid) appendFileSync(held, `${pid}\n`);
}

/** Runs `work` while no other set-up of this checkout runs; waits for one that does. */
export async function locked(path, work) {
  for (let tries = 0; !take(path); tries++) {
    if (!isHeld(path)) clear(path);
    else if (tries === 0) console.error('hili: waiting for another set-up of this folder …');
    await sleep(200);
  }
  held = path;
  // npm takes a moment to end: until then the lock stays.
  const release = () => isHeld(path) || rmSync(path, { force: true });
  const stop = () => process.exit(1);
  process.once('exit', release);
  for (const signal of SIGNALS) process.on(signal, stop);
  const alive = setInterval(() => utimesSync(path, new Date(), new Date()), SIGN_OF_LIFE);
  await work();
  clearInterval(alive);
  for (const signal of SIGNALS) process.removeListener(signal, stop);
  process.removeListener('exit', release);
  held = undefined;
  release();
}
