import { afterAll } from 'vitest';

/** How often each fault struck, and after how many of them the books were as they should be; printed when the file's tests have ended. */
export function openFaultTable() {
  const table = new Map<string, { injected: number; survived: number }>();
  afterAll(() => {
    const lines = [...table].map(
      ([fault, { injected, survived }]) =>
        `${fault.padEnd(72)} ${String(injected).padStart(8)} ${String(survived).padStart(8)}`,
    );
    console.log([`${'fault of the money path'.padEnd(72)} injected survived`, ...lines].join('\n'));
  });
  return {
    table,
    count(fault: string, column: 'injected' | 'survived', by = 1): void {
      const row = table.get(fault) ?? { injected: 0, survived: 0 };
      row[column] += by;
      table.set(fault, row);
    },
  };
}
