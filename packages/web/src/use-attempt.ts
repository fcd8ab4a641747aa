import { useState } from 'react';
import { codeOf, type ProblemCode } from './client.ts';

/** One thing at a time that a form asks of the server: whether it is under way, and why the last try failed. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemCode>();
  return {
    busy,
    problem,
    clear: () => setProblem(undefined),
    /** Tries; a failure is kept as `problem`. @returns whether it succeeded. A second call while one is under way does nothing. */
    async attempt(ask: () => Promise<unknown>): Promise<boolean> {
      if (busy) return false;
      setBusy(true);
      setProblem(undefined);
      try {
        await ask();
        return true;
      } catch (error) {
        setProblem(codeOf(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
