import type { Text } from '../languages.ts';

/** One row of the table: HTTP status of our own API, `errno` of the partner wire, whether operators are told, public text. */
export interface ErrorRow {
  readonly status: number;
  readonly errno: number;
  readonly report: boolean;
  readonly text: Text;
}
