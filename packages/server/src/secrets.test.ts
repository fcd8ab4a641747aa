import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deriveKeys, loadKeys, seal, unseal } from './secrets.ts';

it('opens what it sealed, and nothing that was changed, moved or sealed by another key', () => {
  const key = deriveKeys('a'.repeat(32)).seal;
  const sealed = seal(key, '密钥', 'partner/1');
  expect(unseal(key, sealed, 'partner/1')).toBe('密钥');
  expect(seal(key, '密钥', 'partner/1')).not.toEqual(sealed);
  expect(() => unseal(key, sealed, 'partner/2')).toThrow();
  expect(() => unseal(deriveKeys('b'.repeat(32)).seal, sealed, 'partner/1')).toThrow();
  for (let at = 0; at < sealed.length; at++) {
    const bent = Buffer.from(sealed);
    bent[at] = (bent[at] as number) ^ 1;
    expect(() => unseal(key, bent, 'partner/1')).toThrow();
  }
});

it('derives a key of 32 bytes for each purpose', () => {
  const keys = Object.values(deriveKeys('a'.repeat(32)));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(keys.length);
  for (const key of keys) expect(key).toHaveLength(32);
});

it('makes the secret once, for its owner’s eyes only, whoever asks at the same time', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'hili-test-')), 'new');
  const all = await Promise.all(
    Array.from({ length: 8 }, () => loadKeys({ HILI_DATA: folder, HILI_SECRET: undefined })),
  );
  for (const keys of all) expect(keys).toEqual(all[0]);
  expect(await loadKeys({ HILI_DATA: folder, HILI_SECRET: undefined })).toEqual(all[0]);
  expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['secret']);
});
