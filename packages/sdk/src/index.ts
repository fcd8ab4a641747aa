export type { Wish } from '@hili/contract';
export * from './client.ts';
export * from './errors.ts';
