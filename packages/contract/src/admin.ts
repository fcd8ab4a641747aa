// The operator's console, under `/api/v1/admin`. Whoever is no operator is answered NOT_FOUND, as for an address where nothing is. An
// operator whose session has shown no second factor lately is answered SECOND_FACTOR_NEEDED (403), everywhere but at `/access` and the ways
// to give one.
export * from './admin-access.ts';
export { Reasoned } from './admin-acts.ts';
export * from './admin-people.ts';
export * from './admin-sales.ts';
export * from './admin-settings.ts';
export * from './admin-tables.ts';
export * from './admin-tasks.ts';
export * from './admin-today.ts';
