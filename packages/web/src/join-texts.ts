/** Two trees of texts as one; a group may have texts in both. */
export function joinTexts(a: object, b: object): object {
  const both = new Map<string, unknown>(Object.entries(a));
  for (const [key, node] of Object.entries(b)) {
    const beside = both.get(key);
    both.set(key, typeof beside === 'object' && beside ? joinTexts(beside, node) : node);
  }
  return Object.fromEntries(both);
}
