/** Money as it is typed, in fen: `1,000.50` -> 100050; 0 for anything else. */
export function fenOf(typed = ''): number {
  const plain = typed.replaceAll(/[,\s，]/g, '');
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : 0;
}
