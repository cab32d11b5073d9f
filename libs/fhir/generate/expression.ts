// Reads the FHIRPath of search parameters. Their language is small: paths, ofType, where(resolve() is X),
// where(field='value'), extension('url'), an index, and one boolean test (Patient.deceased). Anything else stops the build.

export type Step =
  | { kind: 'field'; name: string }
  | { kind: 'ofType'; type: string }
  | { kind: 'index'; at: number }
  | { kind: 'extension'; url: string }
  | { kind: 'whereReference'; type: string }
  | { kind: 'whereEqual'; field: string; value: string };
/** `root` is the resource type a term starts from; '' for a term relative to its context; '%resource' says itself. */
export type Term = { root: string; steps: Step[]; present: boolean };

/** Splits on `|` outside parentheses and quotes. */
function split(s: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (c === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) {
      parts.push(s.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, s.slice(from)].map((p) => p.trim());
}

// R4 writes "DateTime" in one composite (Observation-code-value-date); the type is dateTime.
function typeName(s: string): string {
  return s === 'DateTime' ? 'dateTime' : s;
}

/** How each step is written, and what it means; the first that fits the rest of the path is taken. */
const RULES: [RegExp, (first: string, second: string) => Step][] = [
  [/^\.?where\(resolve\(\) is (\w+)\)/, (type) => ({ kind: 'whereReference', type })],
  [/^\.?where\((\w+)='([^']*)'\)/, (field, value) => ({ kind: 'whereEqual', field, value })],
  [/^\.?extension\('([^']*)'\)/, (url) => ({ kind: 'extension', url })],
  [/^\.?(?:ofType|as)\((\w+)\)/, (type) => ({ kind: 'ofType', type: typeName(type) })],
  [/^ as (\w+)/, (type) => ({ kind: 'ofType', type: typeName(type) })],
  [/^\[(\d+)\]/, (at) => ({ kind: 'index', at: Number(at) })],
  [/^\.?(\w+)(?!\w*\()/, (name) => ({ kind: 'field', name })],
];

function steps(s: string): Step[] {
  const out: Step[] = [];
  let rest = s;
  while (rest !== '') {
    const found = RULES.map(([pattern, make]) => ({ m: pattern.exec(rest), make })).find((r) => r.m !== null);
    if (found?.m == null) throw new Error(`cannot read "${rest}" in "${s}"`);
    out.push(found.make(found.m[1] ?? '', found.m[2] ?? ''));
    rest = rest.slice(found.m[0].length);
  }
  return out;
}

function unwrap(s: string): string {
  // '(A.b as T)' and '(A.b.ofType(T)).c' lose their grouping, which changes nothing here.
  const m = /^\(([^()]*(?:\([^()]*\)[^()]*)*)\)(.*)$/.exec(s);
  return m ? `${m[1]}${m[2]}` : s;
}

export function parseExpression(expression: string): Term[] {
  return split(expression).flatMap((part): Term[] => {
    const bare = unwrap(part);
    if (split(bare).length > 1) return parseExpression(bare);
    const test = /^(\w+)\.(\w+)\.exists\(\) and \1\.\2 != false$/.exec(bare);
    const path = test ? `${test[1]}.${test[2]}` : bare;
    const root = /^(%resource|[A-Z]\w*)(?:\.|$)/.exec(path)?.[1] ?? '';
    return [{ root, steps: steps(path.slice(root.length)), present: test !== null }];
  });
}
