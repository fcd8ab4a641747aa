/** Lines of a table whose columns are as wide as their longest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join('  ')
      .trimEnd(),
  );
}

/** Says what was done: as one line of JSON for programs, or in lines for people. */
export function print(isJson: boolean | undefined, value: object, lines: readonly string[]): void {
  console.log(isJson ? JSON.stringify(value) : lines.join('\n'));
}
