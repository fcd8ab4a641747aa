const taken = new Set<string>();

/** Remembers, for as long as the page is open, that the result of a job has been downloaded. */
export const noteDownload = (jobId: string): void => void taken.add(jobId);
export const wasDownloaded = (jobId: string): boolean => taken.has(jobId);
