import type { Tx } from './database.ts';

/** The way to wake workers. Which of them may settle a job is for the job's own lease to say. */
export interface Queue {
  /** Sends a message in the caller's transaction. @returns the message's id. */
  send(tx: Tx, jobId: string, priority: number): Promise<string>;
  stop(): Promise<void>;
}
