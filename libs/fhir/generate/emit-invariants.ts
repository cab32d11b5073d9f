// The FHIRPath constraints of resources and data types, for `$validate`. Left out: those checked natively on
// every write, dom-3 (written in FHIRPath that cannot be evaluated; `check-invariants.ts` has it in TypeScript), and dom-6 (a
// narrative "should" exist: best practice, not an error).
import type { RawStructure } from './definitions.ts';

import type { Model } from './model.ts';

/** Where (a type, or the path of a node defined in place), key, severity, expression, the rule in English. */
export type InvariantRow = [at: string, key: string, severity: string, expression: string, human: string];

const ELSEWHERE = new Set([
  'ele-1',
  'ext-1',
  'qty-3',
  'per-1',
  'ref-1',
  'txt-1',
  'txt-2',
  'dom-2',
  'dom-3',
  'dom-6',
  'obs-6',
]);

function rowsOf(s: RawStructure, model: Model): InvariantRow[] {
  const rows: InvariantRow[] = [];
  for (const e of s.snapshot.element) {
    for (const c of e.constraint ?? []) {
      // Each element repeats the constraints of its data type; they are checked under that type.
      const isOwn = c.source === undefined || c.source.endsWith(`/${s.name}`) || c.source.endsWith('/DomainResource');
      if (!isOwn || ELSEWHERE.has(c.key) || c.expression === undefined) continue;
      if (c.source?.endsWith('/DomainResource') && e.path !== s.name) continue;
      // que-7 asks for System.Boolean where the data has FHIR.boolean, which an exact interpreter tells apart.
      const expression = c.expression.replace('answer is Boolean', 'answer is boolean');
      // A constraint on an element that has a type is put to its parent: the interpreter knows such values by type.
      const dot = e.path.lastIndexOf('.');
      const name = e.path.slice(dot + 1).replace('[x]', '');
      if (model.nodes.has(e.path)) rows.push([e.path, c.key, c.severity, expression, c.human]);
      else rows.push([e.path.slice(0, dot), c.key, c.severity, `${name}.all(${expression})`, c.human]);
    }
  }
  return rows;
}

export function invariants(structures: RawStructure[], model: Model): InvariantRow[] {
  return structures
    .filter((s) => s.derivation !== 'constraint' && !s.abstract && (s.kind === 'resource' || s.kind === 'complex-type'))
    .flatMap((s) => rowsOf(s, model));
}
