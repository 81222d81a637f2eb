/** Who a figure is of: something that identifies each of the people in it. */
export type Concerned = ReadonlySet<string>;

/**
 * The strongest attacker on sums: one who has every figure that was ever given, may add and subtract them as he likes, and
 * so can tell apart whatever some figures contain and others do not. People who are in exactly the same figures he
 * cannot tell apart; what he learns is of such a group at least.
 *
 * @returns the smallest group that he can tell apart, or null where no figure was given.
 */
export function smallestGroupToldApart(figures: readonly Concerned[]): readonly string[] | null {
  const places = new Map<string, number[]>();
  for (const [figure, people] of figures.entries()) {
    for (const person of people) {
      const place = places.get(person);
      if (place === undefined) places.set(person, [figure]);
      else place.push(figure);
    }
  }
  const groups = new Map<string, string[]>();
  for (const [person, place] of places) {
    const key = place.join(' ');
    groups.set(key, [...(groups.get(key) ?? []), person]);
  }
  const sizes = [...groups.values()].sort((left, right) => left.length - right.length);
  return sizes[0] ?? null;
}
