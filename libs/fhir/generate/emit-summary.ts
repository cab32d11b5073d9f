import type { Model } from './model.ts';
import { variants } from './model.ts';

/** Which members a summary keeps: 1 for the whole value, an object where only some of its members stay. */
export type SummaryTree = { [json: string]: 1 | SummaryTree };

/** The elements marked isSummary. Data types are kept whole: a Quantity without its comparator would say another thing. */
export function summaryTree(model: Model, path: string, seen: string[] = []): SummaryTree {
  const tree: SummaryTree = {};
  for (const e of model.nodes.get(path)?.elements ?? []) {
    if (!e.summary && !e.modifier && e.min === 0) continue;
    // Children defined in place carry their own marks; a recursive one is kept whole.
    const inner = e.content !== undefined && e.content === e.path && !seen.includes(e.content) ? e.content : undefined;
    for (const { json, type } of variants(e)) {
      tree[json] = inner === undefined ? 1 : summaryTree(model, inner, [...seen, inner]);
      if (type !== undefined && model.primitives.has(type.code)) tree[`_${json}`] = 1;
    }
  }
  return tree;
}

/** Elements that stay whatever `_elements` says: the mandatory ones. */
export function mandatory(model: Model, path: string): string[] {
  return (model.nodes.get(path)?.elements ?? [])
    .filter((e) => e.min > 0)
    .flatMap((e) => variants(e).map((v) => v.json));
}
