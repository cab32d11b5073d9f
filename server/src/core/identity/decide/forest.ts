/** Groups of sources that grow by joining, unless somebody has said that two of their members are two people. */
export type Forest = {
  /** False: a negative link stands between the two groups, and nothing was joined. */
  join(a: bigint, b: bigint): boolean;
  group(id: bigint): readonly bigint[];
  /** The same for all members of a group, and the smallest of them. */
  head(id: bigint): bigint;
};

/** The smallest of some ids, of which there is at least one. */
export const leastOf = (ids: readonly bigint[]): bigint => ids.toSorted((a, b) => (a < b ? -1 : 1))[0] as bigint;

const pairKey = (a: bigint, b: bigint): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

export function openForest(ids: Iterable<bigint>, apart: readonly { a: bigint; b: bigint }[]): Forest {
  const groups = new Map<bigint, bigint[]>();
  for (const id of ids) groups.set(id, [id]);
  const forbidden = new Set(apart.map(({ a, b }) => pairKey(a, b)));
  const group = (id: bigint): bigint[] => groups.get(id) ?? [id];
  return {
    group,
    head: (id) => leastOf(group(id)),
    join(a, b) {
      const [left, right] = [group(a), group(b)];
      if (left === right) return true;
      if (forbidden.size > 0 && left.some((one) => right.some((other) => forbidden.has(pairKey(one, other)))))
        return false;
      const both = [...left, ...right];
      for (const id of both) groups.set(id, both);
      return true;
    },
  };
}
