import { z } from 'zod';
import { whole } from './kinds.ts';

/** Where the service is and what it keeps. */
export const PLACE_SETTINGS = {
  HILI_DATA: z
    .string()
    .min(1)
    .default('./data')
    .describe('Folder of everything that is kept: photos, database, secret.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 lets other machines in.'),
  PORT: whole(0, 65535, 3000).describe('Port to listen on; 0 takes any free one.'),
  HILI_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address that others see, as in links to pictures; by default made of HOST and PORT.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('A PostgreSQL (15 or newer) of your own; by default one is run from the data folder.'),
  HILI_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Key of signed links and sealed secrets, 32 characters or more, the same on every machine; by default made once in the data folder.',
    ),
  HILI_MODELS: z.string().optional().describe('Folder of models that take precedence over the built-in ones.'),
} as const;
