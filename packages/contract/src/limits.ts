/** Where the JSON API of the page lies. */
export const API = '/api/v1';

/** Bytes of one uploaded file at most. */
export const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;

/** Pixels of the longest side of a result at most. */
export const MAX_RESULT_SIDE = 6000;

export const OUTPUT_FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/**
 * Where uploads go that survive a broken connection, by tus 1.0.0 (tus-js-client does it; `POST` makes one, in one piece or several).
 * `Upload-Metadata` has `filename` and the names of PhotoFields. The last part of an upload's URL is the id of the photo that it becomes
 * with its last byte: then `GET /api/v1/photos/:id` has it. `DELETE …/:id` ends an upload, and deletes the photo that it has become.
 * Failures are problem details, as everywhere, or the protocol's own.
 *
 * An upload whose metadata names no field of PhotoFields is a draft. It is no photo and costs nothing, and is kept for an hour or so
 * (ORPHAN_SECONDS) after its last byte. `GET …/:id/preview` answers an upright JPEG of it, 1600 px at most, `GET …/:id/prints` PrintViews,
 * `POST /api/v1/photos` with JSON makes photos of it (PhotoFields), and `DELETE …/:id` discards it. Unknown, or another's: DATA_NOT_FOUND;
 * while bytes are missing: NOT_FINISHED.
 */
export const UPLOADS = `${API}/uploads`;

/** Bytes from which on a page uploads by tus. */
export const RESUMABLE_BYTES = 8 * 1024 * 1024;

/** Characters of a password: at least, and at most. */
export const PASSWORD_LENGTH = { least: 8, most: 128 } as const;
/** Digits of a code that is sent by mail. */
export const CODE_LENGTH = 6;
/** What is typed by hand before an account is deleted. */
export const DELETION_WORD = 'DELETE';
