// The `_filter` parameter (http://hl7.org/fhir/R4/search_filter.html): comparisons joined by and, or, not.
import type { ResourceType } from '../resource-types.ts';
import { MAX_BRANCHES, parseFilter } from './parse-filter.ts';
import type { Filter } from './query.ts';
import { isRefusal, type Refusal, refuse, shown } from './refusal.ts';

type Token = { kind: 'word' | 'text' | '(' | ')'; value: string };

const LEXEME = /\s*(?:("(?:[^"\\]|\\.)*")|([()])|([^\s()"]+))/y;
const MAX_NESTING = 50;
const MAX_LENGTH = 10_000;

function lex(s: string): Token[] | undefined {
  const tokens: Token[] = [];
  LEXEME.lastIndex = 0;
  while (s.slice(LEXEME.lastIndex).trim() !== '') {
    const m = LEXEME.exec(s);
    if (m === null) return undefined;
    if (m[1] !== undefined) tokens.push({ kind: 'text', value: m[1].slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (m[2] !== undefined) tokens.push({ kind: m[2] as '(' | ')', value: m[2] });
    else tokens.push({ kind: 'word', value: m[3] ?? '' });
  }
  return tokens;
}

/** Comparison operators that are the same as a prefix of ordered parameters. */
const PREFIXES = new Set(['gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap', 'eq']);
const STRING_MATCH: Record<string, 'equals' | 'contains' | 'starts' | 'ends'> = {
  eq: 'equals',
  co: 'contains',
  sw: 'starts',
  ew: 'ends',
};
const MODIFIED: Record<string, string> = { in: 'in', ni: 'not-in', ss: 'above', sb: 'below', pr: 'missing' };
const OPERATORS = [
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'lt',
  'ge',
  'le',
  'ap',
  'sa',
  'eb',
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
];

/** The values of `_filter` are literal: what separates values elsewhere is escaped before the common parser sees it. */
function literal(value: string, separators: RegExp): string {
  return value.replace(/\\/g, '\\\\').replace(separators, '\\$&');
}

/** Replaces the string match at the end of a chain. */
function withMatch(f: Filter, match: 'equals' | 'contains' | 'starts' | 'ends'): Filter | undefined {
  if (f.kind === 'string') return { ...f, match };
  if (f.kind !== 'chain') return undefined;
  const branches = f.branches.flatMap((b) => {
    const filter = withMatch(b.filter, match);
    return filter === undefined ? [] : [{ type: b.type, filter }];
  });
  return branches.length === 0 ? undefined : { ...f, branches };
}

/** The comparison at the end of a chain: the last step's kind decides what an operator means. */
function endKind(f: Filter): string {
  return f.kind === 'chain' && f.branches[0] !== undefined ? endKind(f.branches[0].filter) : f.kind;
}

class Reader {
  private at = 0;
  private readonly tokens: Token[];
  private readonly type: ResourceType;
  constructor(tokens: Token[], type: ResourceType) {
    this.tokens = tokens;
    this.type = type;
  }

  get isDone(): boolean {
    return this.at === this.tokens.length;
  }

  private problem(english: string, zh: string): Refusal {
    return refuse('invalid', '_filter', `_filter: ${english}`, `_filter：${zh}`);
  }

  private takes(word: string): boolean {
    const t = this.tokens[this.at];
    if (t?.kind === 'text' || t?.value !== word) return false;
    this.at++;
    return true;
  }

  private joined(word: 'and' | 'or', next: () => Filter | Refusal): Filter | Refusal {
    const filters: Filter[] = [];
    do {
      const f = next();
      if (isRefusal(f)) return f;
      filters.push(f);
    } while (this.takes(word));
    return filters.length === 1 && filters[0] !== undefined ? filters[0] : { kind: word, filters };
  }

  /** `and` binds tighter than `or`. */
  either(depth: number): Filter | Refusal {
    if (depth > MAX_NESTING) return this.problem('nested too deeply.', '嵌套过深。');
    return this.joined('or', () => this.joined('and', () => this.single(depth)));
  }

  private group(depth: number): Filter | Refusal {
    const f = this.either(depth + 1);
    if (isRefusal(f)) return f;
    return this.takes(')') ? f : this.problem('")" is missing.', '缺少“)”。');
  }

  private single(depth: number): Filter | Refusal {
    if (this.takes('(')) return this.group(depth);
    if (this.takes('not')) {
      if (!this.takes('(')) return this.problem('"not" needs "(" after it.', '“not”后须有“(”。');
      const f = this.group(depth);
      return isRefusal(f) ? f : { kind: 'not', filter: f };
    }
    const [path, op, value] = this.tokens.slice(this.at, this.at + 3);
    if (
      path?.kind !== 'word' ||
      op?.kind !== 'word' ||
      value === undefined ||
      value.kind === '(' ||
      value.kind === ')'
    ) {
      return this.problem('expected "parameter operator value".', '此处应为“参数 运算符 值”。');
    }
    this.at += 3;
    return this.compare(path.value, op.value, value);
  }

  private compare(path: string, op: string, value: Token): Filter | Refusal {
    if (!OPERATORS.includes(op))
      return this.problem(`there is no operator "${shown(op)}".`, `不存在运算符“${shown(op)}”。`);
    if (/[[\]:]/.test(path))
      return this.problem(`the path "${shown(path)}" is not supported.`, `不支持路径“${shown(path)}”。`);
    const budget = { branches: MAX_BRANCHES };
    const parse = (key: string, raw: string): Filter | Refusal =>
      parseFilter(this.type, key, raw, `_filter ${path}`, budget);
    // A token's bar and nothing else keeps its meaning.
    const raw = literal(value.value, value.kind === 'text' ? /[,$|]/g : /[,$]/g);
    const mismatch = this.problem(
      `operator "${op}" does not suit "${shown(path)}".`,
      `运算符“${op}”不适用于“${shown(path)}”。`,
    );
    if (op === 'pr')
      return parse(`${path}:missing`, value.value === 'true' ? 'false' : value.value === 'false' ? 'true' : raw);
    const modifier = MODIFIED[op];
    if (modifier !== undefined) return parse(`${path}:${modifier}`, raw);
    if (op === 'ne') {
      const f = this.compare(path, 'eq', value);
      return isRefusal(f) ? f : { kind: 'not', filter: f };
    }
    const plain = parse(path, raw);
    if (isRefusal(plain)) return plain;
    const kind = endKind(plain);
    if (kind === 'string') {
      const match = STRING_MATCH[op];
      return (match === undefined ? undefined : withMatch(plain, match)) ?? mismatch;
    }
    if (kind === 'date' || kind === 'number' || kind === 'quantity') {
      // "po": the periods overlap, which is: begins before the other ends and ends after the other begins.
      if (op === 'po' && kind === 'date') {
        const ends = parse(path, `ge${raw}`);
        const begins = parse(path, `le${raw}`);
        return isRefusal(ends) ? ends : isRefusal(begins) ? begins : { kind: 'and', filters: [ends, begins] };
      }
      return PREFIXES.has(op) ? parse(path, `${op}${raw}`) : mismatch;
    }
    return op === 'eq' || (op === 're' && kind === 'reference') ? plain : mismatch;
  }
}

export function parseLogic(type: ResourceType, raw: string): Filter | Refusal {
  if (raw.length > MAX_LENGTH) {
    return refuse(
      'too-costly',
      '_filter',
      `_filter: longer than ${MAX_LENGTH} characters.`,
      `_filter：超过 ${MAX_LENGTH} 个字符。`,
    );
  }
  const tokens = lex(raw);
  if (tokens === undefined || tokens.length === 0) {
    return refuse('invalid', '_filter', '_filter: cannot be read.', '_filter：无法解析。');
  }
  const reader = new Reader(tokens, type);
  const filter = reader.either(0);
  if (isRefusal(filter)) return filter;
  return reader.isDone
    ? filter
    : refuse('invalid', '_filter', '_filter: more follows than can be read.', '_filter：末尾有多余内容。');
}
