// What each resource type can be searched by, with the part of the published expression that concerns that type.
import type { RawSearchParameter } from './definitions.ts';
import type { Model } from './model.ts';
import { possibleTargets } from './targets.ts';

/** Base types whose parameters every resource has (DomainResource: all but Bundle, Binary and Parameters). */
const PLAIN = new Set(['Bundle', 'Binary', 'Parameters']);

const ANY = 145;

export type ParameterRow = {
  code: string;
  type: string;
  base: string;
  expression: string;
  targets?: string[];
  components?: { code: string; type: string; expression: string }[];
};

function split(expression: string): string[] {
  return expression.split(/\s*\|\s*(?![^(]*\))/);
}

function concerns(part: string, type: string): boolean {
  return new RegExp(`^\\(?(?:${type}\\b|Resource\\b|DomainResource\\b|[a-z])`).test(part);
}

/** Parameters of `type` in the order of their codes; each with the definition it came from. */
export function parametersOf(
  all: RawSearchParameter[],
  type: string,
  model: Model,
): { row: ParameterRow; raw: RawSearchParameter }[] {
  const byUrl = new Map(all.map((p) => [p.url, p]));
  return all
    .filter(
      (p) =>
        p.base.includes(type) || p.base.includes('Resource') || (p.base.includes('DomainResource') && !PLAIN.has(type)),
    )
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((raw) => {
      const parts = raw.expression === undefined ? [] : split(raw.expression).filter((part) => concerns(part, type));
      const row: ParameterRow = {
        code: raw.code,
        type: raw.expression === undefined ? 'special' : raw.type,
        base: raw.base.includes(type) ? type : (raw.base[0] ?? ''),
        expression: parts.join(' | '),
      };
      if (raw.type === 'reference') {
        const published = raw.target ?? [];
        const possible = possibleTargets(model, raw.expression ?? '', type);
        // "Any" is published as a list of all types (but Parameters): '*' here.
        row.targets =
          published.length >= ANY
            ? ['*']
            : published.filter((t) => possible?.has(t) ?? model.resourceTypes.includes(t));
        if (published.length >= ANY && possible !== undefined) row.targets = [...possible];
      }
      if (raw.component !== undefined) {
        row.components = raw.component.map((c) => {
          const definition = byUrl.get(c.definition);
          if (definition === undefined) throw new Error(`no ${c.definition}`);
          return { code: definition.code, type: definition.type, expression: c.expression };
        });
      }
      return { row, raw };
    });
}
