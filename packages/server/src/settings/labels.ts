import { STEP_NAMES } from '@hili/contract';
import { z } from 'zod';

/** What results say of how they were made. */
export const LABEL_SETTINGS = {
  LABEL_PRODUCER: z
    .string()
    .max(100)
    .optional()
    .describe('Code of the operator in the AI label of every result, where the law asks for one.'),
  VISIBLE_LABEL: z
    .string()
    .refine((text) => text === 'off' || readSteps(text).every((step) => STEP_NAMES.some((name) => name === step)), {
      error: `expected off, or some of ${STEP_NAMES.join(', ')} separated by commas`,
    })
    .default('off')
    .describe(
      'Steps after which a result also says in its corner that an AI has worked on it, such as repair,colour; or off.',
    ),
} as const;

const readSteps = (text: string) => text.split(',').map((step) => step.trim());

/** The steps that a value of VISIBLE_LABEL names; none for off. */
export const readLabel = (text: string) => (text === 'off' ? [] : readSteps(text));
