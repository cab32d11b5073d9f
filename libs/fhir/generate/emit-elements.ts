// The tree of elements as a table, for what works on any resource: FHIRPath Patch, profiles, XML.
import type { Model } from './model.ts';

/** Name (with [x] for a choice), least and most times ('*' as -1), types, and where its children are defined when that is in place. */
export type ElementRow = [name: string, min: number, max: number, types: string, content?: string];

export function elementRows(model: Model): [path: string, rows: ElementRow[]][] {
  return [...model.nodes.values()].map((node) => [
    node.path,
    node.elements.map((e): ElementRow => {
      const name = e.choice ? `${e.name}[x]` : e.name;
      const max = e.max === Number.POSITIVE_INFINITY ? -1 : e.max;
      const types = e.types.map(({ code }) => code).join(' ');
      return e.content === undefined ? [name, e.min, max, types] : [name, e.min, max, types, e.content];
    }),
  ]);
}
