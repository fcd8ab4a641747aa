import { ACCOUNT_ERRORS } from './errors/accounts.ts';
import { PHOTO_ERRORS } from './errors/photos.ts';
import { REQUEST_ERRORS } from './errors/requests.ts';
import { SALES_ERRORS } from './errors/sales.ts';

/**
 * Every error that leaves the service. The Chinese texts of the partner's errnos are those of the existing API, to the byte.
 * `docs/errors.md` shows the same rows, held equal by a test.
 */
export const ERRORS = { ...REQUEST_ERRORS, ...PHOTO_ERRORS, ...ACCOUNT_ERRORS, ...SALES_ERRORS } as const;

export type ErrorCode = keyof typeof ERRORS;
