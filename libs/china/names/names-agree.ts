/**
 * Whether two folded keys can be the same name when `?` on either side stands for one or more characters: a rare
 * character that a code page lost (`刘?` and `刘䶮`). Names without marks agree only when equal.
 */
export function namesAgree(keyA: string, keyB: string): boolean {
  if (keyA === keyB) return true;
  const [a, b] = [[...keyA], [...keyB]];
  if (!a.includes('?') && !b.includes('?')) return false;
  // reach[j]: the characters read of `a` so far can cover the first j of `b`.
  let reach: boolean[] = b.map(() => false);
  reach.unshift(true);
  for (const own of a) {
    const next: boolean[] = new Array(b.length + 1).fill(false);
    for (let j = 1; j <= b.length; j++) {
      const other = b[j - 1]!;
      if (own === other || own === '?' || other === '?') next[j] = reach[j - 1]!;
      if (own === '?') next[j] ||= next[j - 1]!;
      if (other === '?') next[j] ||= reach[j]!;
    }
    reach = next;
  }
  return reach[b.length]!;
}
