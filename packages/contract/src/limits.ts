/** Where the JSON API of the page lies. */
export const API = '/api/v1';

/** Bytes of one uploaded file at most. */
export const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;

/** Pixels of the longest side of a result at most. */
export const MAX_RESULT_SIDE = 6000;

export const OUTPUT_FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
