import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { openLog } from '../src/log.ts';
import { serverProcesses } from './server-process.ts';

const { start } = serverProcesses();
const folder = mkdtempSync(join(tmpdir(), 'hili log '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A pipe that nobody reads until it is asked: it takes 64 KB and then refuses, as a full disk does. */
function narrowPipe() {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const read = (): string => {
    const bytes = Buffer.alloc(1_000_000);
    let length = 0;
    try {
      for (;;) length += readSync(fd, bytes, length, bytes.length - length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    return bytes.toString('utf8', 0, length);
  };
  return { fd, read };
}

it('goes on where a line cannot be written, and says before the next one how many were lost', () => {
  const { fd, read } = narrowPipe();
  const log = openLog('info', 'test', fd);
  for (let n = 0; n < 12; n += 1) log.info({ n, words: 'x'.repeat(10_000) }, 'much to say');
  const whole = read().split('\n').length - 1; // the last of them is torn
  expect(whole).toBeLessThan(12);
  log.info('room again');
  log.info('as ever');
  const lines = read()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: 50, name: 'test', lost: 12 - whole, msg: 'lines of the log could not be written' },
    { level: 30, msg: 'room again' },
    { level: 30, msg: 'as ever' },
  ]);
  closeSync(fd);
});

it.runIf(existsSync('/dev/full'))('answers as ever while the disk of the log is full', async () => {
  const server = start({ LOG_LEVEL: 'trace' }, { stderr: openSync('/dev/full', 'w') });
  const url = await server.address();
  for (let n = 0; n < 3; n += 1) {
    const response = await fetch(`${url}/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  }
  expect((await fetch(`${url}/api/v1/nothing`)).status).toBe(404);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});

it('goes on when nobody reads the log any more', async () => {
  const code = `const { openLog } = await import(${JSON.stringify(join(import.meta.dirname, '../src/log.ts'))});
    const log = openLog('info', 'child');
    process.stdin.once('data', () => { log.info('one'); log.error('two'); console.log('alive'); process.stdin.destroy(); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'pipe' });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stderr.destroy();
  child.stdin.write('go\n');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(lines).toEqual(['alive']);
});
