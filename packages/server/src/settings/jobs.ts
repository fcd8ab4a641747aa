import { MAX_UPLOAD_BYTES } from '@hili/contract';
import { z } from 'zod';
import { whole } from './kinds.ts';

/** How long pictures stay, how long jobs may take, and how large photos may be. */
export const JOB_SETTINGS = {
  RETENTION_SECONDS: whole(1, 31_536_000, 3600).describe(
    'Seconds for which pictures are kept after the last run ended.',
  ),
  ORPHAN_SECONDS: whole(60, 31_536_000, 3600).describe(
    'Seconds after which a stored file that no photo names is removed.',
  ),
  JOB_DEADLINE_SECONDS: whole(1, 31_536_000, 86_400).describe('Seconds after which a job that has not ended fails.'),
  JOB_TIMEOUT_SECONDS: whole(1, 86_400, 900).describe('Seconds that one run of a job may take.'),
  LEASE_SECONDS: whole(2, 3600, 30).describe(
    'Seconds without a sign of life after which a worker counts as dead and its job goes to another.',
  ),
  PAID_HEAD_START_SECONDS: whole(0, 86_400, 900).describe(
    'Paid jobs queue as if they had come this many seconds earlier than free ones.',
  ),
  INFERENCE_PROCESSES: z.coerce
    .number()
    .int()
    .min(1)
    .max(512)
    .optional()
    .describe('Photos restored at once by one worker, each by one process; by default one a core.'),
  MEMORY_MB: whole(256, 1_048_576, 2048).describe('Memory of one inference process at most, in MiB.'),
  MAX_UPLOAD_BYTES: whole(1, 2_147_483_647, MAX_UPLOAD_BYTES).describe('Bytes of one uploaded file at most.'),
  MAX_PIXELS: whole(1, 1_000_000_000, 100_000_000).describe('Pixels of an uploaded picture at most.'),
  MAX_SIDE: whole(1, 65_535, 20_000).describe('Longer side of an uploaded picture at most, in pixels.'),
} as const;
