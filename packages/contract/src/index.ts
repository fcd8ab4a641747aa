export * from './accounts.ts';
export * from './api.ts';
export * from './errors.ts';
export * from './languages.ts';
export * from './limits.ts';
export * from './partner.ts';
export * from './recipes.ts';
export * from './run-options.ts';
