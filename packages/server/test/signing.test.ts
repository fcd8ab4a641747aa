import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { clientAddress } from '../src/client-address.ts';
import { contentDisposition } from '../src/routes/files.ts';
import { refuseOtherSites } from '../src/same-site.ts';
import { type FileLink, readPath, signPath } from '../src/signing.ts';

const key = randomBytes(32);
const link: FileLink = {
  kind: 'result',
  id: '40b37f58db153e5149f008421797714e',
  disposition: 'inline',
  expires: new Date('2026-11-25T12:00:00Z'),
  name: '40b37f58db153e5149f008421797714e_out.jpg',
};

it('signs a link in its path, which ends in the name of the picture', () => {
  const path = signPath(key, link);
  expect(path).toMatch(/^\/files\/result\/[^?]+_out\.jpg$/);
  expect(readPath(key, path)).toEqual(link);
});

it('knows no link with any character changed, added or taken away', () => {
  const path = signPath(key, link);
  for (let i = 0; i < path.length; i++) {
    const other = path[i] === 'a' ? 'b' : 'a';
    expect(readPath(key, path.slice(0, i) + other + path.slice(i + 1)), `changed at ${i}`).toBeUndefined();
    expect(readPath(key, path.slice(0, i) + path.slice(i + 1)), `without ${i}`).toBeUndefined();
  }
  expect(readPath(key, `${path}/`)).toBeUndefined();
  expect(readPath(key, `${path}\n`)).toBeUndefined();
  expect(readPath(randomBytes(32), path)).toBeUndefined();
});

it('knows no link to a parent folder, whoever signed it', () => {
  expect(readPath(key, signPath(key, { ...link, id: '..' }))).toBeUndefined();
  expect(readPath(key, signPath(key, { ...link, name: '../x.jpg' }))).toBeUndefined();
});

it('names a file for old and new clients, whatever its name holds', () => {
  expect(contentDisposition('attachment', '奶奶 1.jpg')).toBe(
    `attachment; filename="__ 1.jpg"; filename*=UTF-8''%E5%A5%B6%E5%A5%B6%201.jpg`,
  );
  const hostile = contentDisposition('inline', 'a"\\%\r\nSet-Cookie: x=1;.jpg');
  expect(hostile).not.toMatch(/[\r\n]/);
  expect(hostile).toContain('filename="a_____Set-Cookie: x=1;.jpg"');
  expect(contentDisposition('inline', `${'\ud800'}it's (1)*.jpg`)).toContain(
    `filename*=UTF-8''%EF%BF%BDit%27s%20%281%29%2a.jpg`,
  );
});

it('believes X-Forwarded-For only as far as trusted proxies wrote it', () => {
  expect(clientAddress('10.0.0.1', '1.2.3.4', 0)).toBe('10.0.0.1');
  expect(clientAddress('10.0.0.1', 'spoofed, 1.2.3.4', 1)).toBe('1.2.3.4');
  expect(clientAddress('10.0.0.1', '6.6.6.6, 1.2.3.4, 10.0.0.2', 2)).toBe('1.2.3.4');
  expect(clientAddress('10.0.0.1', '1.2.3.4:5678', 1)).toBe('1.2.3.4');
  expect(clientAddress('10.0.0.1', 'nonsense', 1)).toBe('10.0.0.1');
  expect(clientAddress('10.0.0.1', undefined, 1)).toBe('10.0.0.1');
  expect(clientAddress('10.0.0.1', '1.2.3.4', 3)).toBe('10.0.0.1');
  expect(clientAddress(undefined, undefined, 0)).toBe('unknown');
});

it('counts an IPv6 subscriber by its network of 64 bits, and IPv4 in IPv6 as IPv4', () => {
  expect(clientAddress('2001:db8:1:2:3:4:5:6', undefined, 0)).toBe('2001:db8:1:2::/64');
  expect(clientAddress('2001:db8::6', undefined, 0)).toBe('2001:db8:0:0::/64');
  expect(clientAddress('10.0.0.1', '[2001:db8::6]:443', 1)).toBe('2001:db8:0:0::/64');
  expect(clientAddress('::1', undefined, 0)).toBe('0:0:0:0::/64');
  expect(clientAddress('fe80::1%eth0', undefined, 0)).toBe('fe80:0:0:0::/64');
  expect(clientAddress('::ffff:1.2.3.4', undefined, 0)).toBe('1.2.3.4');
});

it('refuses changes that come from the page of another site, and no others', () => {
  const pass = (method: string, headers: Record<string, string>) => {
    try {
      refuseOtherSites(
        new Request('http://photo.example/api/v1/photos', { method, headers: { host: 'photo.example', ...headers } }),
      );
      return true;
    } catch {
      return false;
    }
  };
  expect(pass('POST', {})).toBe(true);
  expect(pass('POST', { 'sec-fetch-site': 'same-origin', origin: 'http://photo.example' })).toBe(true);
  expect(pass('POST', { 'sec-fetch-site': 'none' })).toBe(true);
  expect(pass('POST', { origin: 'http://photo.example' })).toBe(true);
  expect(pass('GET', { 'sec-fetch-site': 'cross-site' })).toBe(true);
  for (const site of ['cross-site', 'same-site', 'nonsense'])
    expect(pass('DELETE', { 'sec-fetch-site': site })).toBe(false);
  for (const origin of ['http://evil.example', 'http://photo.example.evil.example', 'null', 'http://photo.example:81'])
    expect(pass('POST', { origin })).toBe(false);
});
