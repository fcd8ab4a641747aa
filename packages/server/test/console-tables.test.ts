import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ADMIN_TABLES, AdminMoved } from '@hili/contract/admin';
import { expect, it } from 'vitest';
import { codeOf, ok } from './answers.ts';
import { key, openConsole, reason } from './console-app.ts';

const { app, admin, page, audited, member } = await openConsole();

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
/** Bytes of this process's memory that are in use once what nobody needs is gone. */
function held(): number {
  // Twice: the first time buffers are only marked as free.
  for (const _ of [1, 2]) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it('pages through a table without missing or repeating a row, and searches for what is typed and no pattern', async () => {
  const { id } = await member();
  for (const credits of [1, 2, 3, 4, 5, 6, 7])
    await ok(AdminMoved, admin('POST', `/users/${id}/grants`, { key: key(), credits, days: 30, reason }));
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const answer: Awaited<ReturnType<typeof page<'audit'>>> = await page('audit', {
      limit: '3',
      ...(after && { after }),
    });
    expect(answer.rows.length).toBeLessThanOrEqual(3);
    seen.push(...answer.rows.map(({ id }) => id));
    after = answer.next ?? undefined;
  } while (after);
  expect(seen.length).toBeGreaterThan(7);
  expect(new Set(seen).size).toBe(seen.length);
  const { rows } = await app.pool.query('select count(*)::int as n from audit');
  expect(seen).toHaveLength(rows[0].n);
  for (const q of ['%', '_', '\\', "' or true --"])
    expect((await page('users', { q })).rows, q).toEqual(
      (await page('users', { limit: '200' })).rows.filter(({ email }) => email?.includes(q)),
    );
  for (const query of ['after=x', 'limit=0', 'limit=1000', 'owner=1', 'from=yesterday'])
    expect(await codeOf(admin('GET', `/users?${query}`)), query).toBe('BAD_REQUEST');
  expect(await codeOf(admin('GET', '/secrets'))).toBe('NOT_FOUND');
});

it('lets nobody change the audit, not by SQL either', async () => {
  const before = await app.pool.query('select count(*)::int as n from audit');
  for (const statement of [
    "update audit set operator = 'nobody'",
    'delete from audit',
    'truncate audit',
    'set session_replication_role = replica; delete from audit',
  ])
    await expect(app.pool.query(statement), statement).rejects.toThrow('append-only: audit');
  const after = await app.pool.query('select count(*)::int as n from audit');
  expect(after.rows).toEqual(before.rows);
});

it('gives the whole of a selection as a file, in the memory of a few rows', async () => {
  const reasonOf = 'x'.repeat(400);
  await app.pool.query(
    `insert into audit (at, operator, origin, act, subject, reason) select now() + n * interval '1 ms', 'many@example.com', 'cli', '=cmd()', 'n ' || n, $1
      from generate_series(1, 60000) n`,
    [reasonOf],
  );
  const response = await admin('GET', '/audit.csv?q=many@example.com');
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"/);
  const before = held();
  let [bytes, lines, looks, most] = [0, 0, 0, 0];
  let head = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    if (bytes === 0) expect([...chunk.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    if (head.length < 400) head += Buffer.from(chunk).toString();
    bytes += chunk.length;
    lines += chunk.reduce((sum, byte) => sum + Number(byte === 10), 0);
    if (bytes > (looks + 1) * 4e6) {
      looks += 1;
      most = Math.max(most, held() - before);
    }
  }
  expect(lines).toBe(60_001);
  expect(bytes).toBeGreaterThan(25e6);
  // Measured: 1 MB more while 29 MB pass.
  expect(looks).toBeGreaterThan(5);
  expect(most).toBeLessThan(12e6);
  expect(head).toContain('"id","at","operator"');
  expect(head).toContain(`"'=cmd()"`);
  expect((await audited('table.export')).at(-1)).toMatchObject({
    subject: 'table audit',
    after: { q: 'many@example.com' },
  });
  // Each is read to its end: what nobody reads goes on holding its place.
  for (const [table, { shape }] of Object.entries(ADMIN_TABLES)) {
    const file = await admin('GET', `/${table}.csv`);
    expect(file.status, table).toBe(200);
    const columns = Object.keys(shape).map((column) => `"${column}"`);
    expect((await file.text()).split('\r\n', 1), table).toEqual([columns.join(',')]);
  }
});

it('gives an operator two files at once, and the next as soon as one has ended', async () => {
  await app.pool.query(
    `insert into audit (at, operator, origin, act, subject, reason) select now(), 'two@example.com', 'cli', 'x', 'n ' || n, $1
      from generate_series(1, 60000) n`,
    ['x'.repeat(400)],
  );
  const file = () => admin('GET', '/audit.csv?q=two@example.com');
  const open = [await file(), await file()];
  expect(open.map(({ status }) => status)).toEqual([200, 200]);
  const refused = await file();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
  expect(await refused.json()).toMatchObject({
    code: 'RATE_LIMITED',
    detail: 'expected at most 2 at once but received another',
  });
  // Who only asks about a file has none.
  expect((await admin('HEAD', '/audit.csv')).status).toBe(200);
  // One is given up in the middle, the other is read to its end.
  await open[0]?.body?.cancel();
  let again = refused;
  const status = async () => {
    again = await file();
    return again.status;
  };
  await expect.poll(status, { timeout: 20_000, interval: 250 }).toBe(200);
  expect((await file()).status).toBe(429);
  expect((await open[1]?.text())?.split('\r\n')).toHaveLength(60_002);
  const next = await file();
  expect(next.status).toBe(200);
  for (const left of [again, next]) await left?.body?.cancel();
});
