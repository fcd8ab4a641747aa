import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from './run.mjs';

/** Milliseconds without a sign of life after which a lock is abandoned: its holder was killed, or ran on another machine. */
const ABANDONED = 15_000;

function isHeld(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > ABANDONED) return false;
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user.
    return error.code === 'EPERM';
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
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      fail(`expected a folder that this user may write to but received ${error.code} for ${path}`);
    return false;
  }
}

/** Runs `work` while no other set-up of this checkout runs; waits for one that does. */
export async function locked(path, work) {
  for (let tries = 0; !take(path); tries++) {
    if (!isHeld(path)) clear(path);
    else if (tries === 0) console.error('hili: waiting for another set-up of this folder …');
    await sleep(200);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const alive = setInterval(() => utimesSync(path, new Date(), new Date()), ABANDONED / 5);
  await work();
  clearInterval(alive);
  release();
}
