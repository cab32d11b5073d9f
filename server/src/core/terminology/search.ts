import type { Concept } from './model.ts';

/**
 * Rank: the code itself, code prefix, Chinese name begins, Chinese name holds it, every word begins an English word.
 * Each code once, in its newest edition.
 */
export function searchConcepts(concepts: readonly Concept[], text: string, limit: number): Concept[] {
  const wanted = text.trim().normalize('NFKC').toLowerCase();
  if (wanted === '') return [];
  const words = wanted.split(/\s+/);
  const found = new Map<string, { rank: number; concept: Concept }>();
  for (const concept of concepts) {
    const rank = rankOf(concept, wanted, words);
    if (rank === undefined) continue;
    const known = found.get(concept.code);
    if (!known || known.concept.from < concept.from) found.set(concept.code, { rank, concept });
  }
  return [...found.values()]
    .sort((a, b) => a.rank - b.rank || (a.concept.code < b.concept.code ? -1 : 1))
    .slice(0, limit)
    .map(({ concept }) => concept);
}

function rankOf({ code, zh, en }: Concept, wanted: string, words: string[]): number | undefined {
  const lower = code.toLowerCase();
  if (lower === wanted) return 0;
  if (lower.startsWith(wanted)) return 1;
  const name = zh.normalize('NFKC').toLowerCase();
  if (name.startsWith(wanted)) return 2;
  if (name.includes(wanted)) return 3;
  const english = en.toLowerCase().split(/[^a-z0-9]+/);
  return words.every((word) => english.some((one) => one.startsWith(word))) ? 4 : undefined;
}
