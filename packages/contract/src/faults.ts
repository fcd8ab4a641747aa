/** What somebody may be unsatisfied with, in the order in which a form offers it. */
export const FAULTS = ['damage', 'blurred', 'faces', 'colours', 'background', 'other'] as const;
export type Fault = (typeof FAULTS)[number];

/** Characters of a complaint, and of its answer, at most. */
export const COMPLAINT_LENGTH = 2000;
