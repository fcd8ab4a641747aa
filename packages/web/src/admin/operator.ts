import { notFound } from '@tanstack/react-router';
import { getMe } from '../client.ts';

/** Has the page say that nothing is at this address, unless an operator asks. The server decides for itself; this is only for the eye. */
export async function requireOperator(): Promise<void> {
  if (!(await getMe()).account?.isOperator) throw notFound();
}
