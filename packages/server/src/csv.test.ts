import { expect, it } from 'vitest';
import { csvLine, csvStream } from './csv.ts';

it('writes cells so that no spreadsheet takes them for a formula, and numbers as numbers', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t1', '\r1', '\n1', '＝1+1'])
    expect(csvLine([text])).toBe(`"'${text}"\r\n`);
  for (const [text, cell] of [
    ['a;=1+1;b', "a;'=1+1;b"],
    ['a;"@SUM(A1)', `a;""'@SUM(A1)`],
    ['a\n-1', "a\n'-1"],
    [';=1', ";'=1"],
    ['\n=1', "'\n'=1"],
    ['a\r\n\t＝1', "a\r\n\t'＝1"],
  ])
    expect(csvLine(['x', text])).toBe(`"x","${cell}"\r\n`);
  expect(csvLine([-5, 3.5, true, null, undefined, ''])).toBe('-5,3.5,true,,,\r\n');
  expect(csvLine(['a "b", c\nd', '1=1'])).toBe('"a ""b"", c\nd","1=1"\r\n');
  expect(csvLine([new Date(0), { a: [1] }])).toBe('"1970-01-01T00:00:00.000Z","{""a"":[1]}"\r\n');
});

it('begins with a byte order mark, and asks for lines only as they are taken', async () => {
  let asked = 0;
  async function* lines() {
    for (;;) {
      asked += 1;
      yield `${asked}\r\n`;
    }
  }
  const reader = csvStream(lines()).getReader();
  expect([...((await reader.read()).value ?? [])]).toEqual([0xef, 0xbb, 0xbf]);
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toBeLessThanOrEqual(3);
  await reader.cancel();
});
