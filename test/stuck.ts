import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Longer than any file takes beside others on a slow machine: the slowest needs 140 s on two cores. */
const MOST_MS = 15 * 60_000;

/**
 * Ends a run whose test file never ends, and names the file. A loop that lets no timer run outlives the time limit of its test, which is a
 * timer of the same process.
 */
export default class implements Reporter {
  readonly #running = new Map<string, NodeJS.Timeout>();
  #vitest!: Vitest;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestModuleStart({ id, relativeModuleId }: TestModule): void {
    const giveUp = () => {
      for (const timer of this.#running.values()) clearTimeout(timer);
      process.exitCode = 1;
      process.stderr.write(
        `expected ${relativeModuleId} to end within ${MOST_MS / 60_000} minutes but it still runs\n`,
      );
      // Twice: the first waits for the test, the second ends its process.
      for (let i = 0; i < 2; i++) void this.#vitest.cancelCurrentRun('test-failure');
    };
    this.#running.set(id, setTimeout(giveUp, MOST_MS));
  }

  onTestModuleEnd({ id }: TestModule): void {
    clearTimeout(this.#running.get(id));
    this.#running.delete(id);
  }
}
