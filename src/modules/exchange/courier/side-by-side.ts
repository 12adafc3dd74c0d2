/**
 * Does the work for each item, at most so many side by side. @returns the results in the order of the items
 * @throws the first failure, once nothing is under way any more
 */
export async function sideBySide<T, R>(most: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const waiting = items.entries();
  const hands = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  }));
  for (const hand of hands) if (hand.status === 'rejected') throw hand.reason;
  return results;
}
