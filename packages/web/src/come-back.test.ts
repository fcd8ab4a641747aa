import { expect, it } from 'vitest';
import { wayBack } from './come-back.ts';

const back = (to: string) => wayBack(`?${new URLSearchParams({ to })}`);

it('leads back to the photos, the package or the order that asked to sign in', () => {
  expect(back('/tasks')).toBe('/tasks');
  expect(back('/buy/photos-10')).toBe('/buy/photos-10');
  expect(back('/orders/5f0c8a52-3c1b-4c58-9d3f-0e6f1f5b9a77')).toBe('/orders/5f0c8a52-3c1b-4c58-9d3f-0e6f1f5b9a77');
});

it('leads to the account from everywhere else, and never to another site', () => {
  expect(wayBack('')).toBe('/account');
  for (const to of [
    ...[
      'https://evil.example',
      '//evil.example',
      '/\\\\evil.example',
      '/buy/..//evil.example',
      '/buy/x\n//evil.example',
    ],
    ...[
      'javascript:alert(1)',
      '/admin',
      '/tasks/x',
      '/buy/',
      '/buy/a/b',
      '/orders/a?next=//evil.example',
      ' /buy/photos-3',
    ],
  ])
    expect(back(to), to).toBe('/account');
});
