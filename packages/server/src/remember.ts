/**
 * Keeps what was found out, by id: asking again, however often and however many at once, does the work once. A failure is not kept.
 * @param most results in memory; the oldest goes first.
 */
export function remember<T>(most: number): (id: string, find: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id, find) => {
    const before = known.get(id);
    if (before) return before;
    const found = find();
    known.set(id, found);
    found.catch(() => known.delete(id));
    for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
    return found;
  };
}
