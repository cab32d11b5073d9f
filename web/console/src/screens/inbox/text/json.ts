import { type Line, nearest, type Piece, type Place } from './line.ts';

const token = /\s*(?:("(?:[^"\\]|\\.)*")|([{}[\],:])|([^\s{}[\],:"]+))/y;

type Frame = { array: boolean; index: number; path: string };

/**
 * JSON laid out for reading, every literal exactly as received: going through JSON.parse would turn the FHIR decimal 1.00 into 1.
 * Null when the text is not well-formed enough to lay out; it is then shown as it came.
 */
export function jsonLines(raw: string): Line[] | null {
  const lines: Line[] = [];
  const stack: Frame[] = [];
  let pieces: Piece[] = [];
  let at = '';
  let key: string | null = null;
  let pending = '';

  const indent = (): Piece => ({ text: '  '.repeat(stack.length), kind: 'mark' });
  const flush = (): void => {
    if (pieces.length > 0) lines.push({ at, pieces });
    pieces = [];
  };
  const pathOfNext = (): string => {
    const top = stack.at(-1);
    if (!top) return '';
    if (top.array) return `${top.path}[${top.index}]`;
    return top.path === '' ? (key ?? '') : `${top.path}.${key ?? ''}`;
  };
  const begin = (): void => {
    if (pieces.length === 0) pieces = [indent()];
    at = pathOfNext();
  };

  token.lastIndex = 0;
  const end = raw.trimEnd().length;
  while (token.lastIndex < end) {
    const match = token.exec(raw);
    if (!match) return null;
    const [, text, mark, literal] = match;
    const top = stack.at(-1);
    if (text !== undefined && top && !top.array && key === null) {
      pending = text;
      try {
        key = JSON.parse(text) as string;
      } catch {
        return null;
      }
      pieces = [indent()];
      pieces.push({ text: pending, kind: 'name', at: pathOfNext() });
    } else if (mark === ':') {
      pieces.push({ text: ': ', kind: 'mark' });
    } else if (mark === '{' || mark === '[') {
      begin();
      const path = pathOfNext();
      pieces.push({ text: mark, kind: 'mark' });
      flush();
      stack.push({ array: mark === '[', index: 0, path });
      key = null;
    } else if (mark === '}' || mark === ']') {
      if (!top || top.array !== (mark === ']')) return null;
      flush();
      stack.pop();
      at = '';
      pieces = [indent(), { text: mark, kind: 'mark' }];
      key = null;
    } else if (mark === ',') {
      if (!top) return null;
      pieces.push({ text: ',', kind: 'mark' });
      flush();
      if (top.array) top.index += 1;
      key = null;
    } else {
      begin();
      pieces.push({ text: text ?? literal ?? '', kind: text !== undefined ? 'string' : 'literal', at: pathOfNext() });
    }
  }
  flush();
  return stack.length === 0 && lines.length > 0 ? lines : null;
}

/** `Bundle.entry[3].resource.gender` or `entry[3].resource.gender` → its line, or that of the nearest element above it. */
export function placeInJson(lines: readonly Line[], path: string): Place | null {
  const bare = path.replace(/^[A-Z][A-Za-z]*(?:\.|$)/, '');
  return (
    nearest(lines, bare, (longer) => longer.replace(/(?:\.[^.[]*|\[[^\]]*\]|^[^.[]+)$/, '')) ??
    (lines.length > 0 ? { line: 0, at: null } : null)
  );
}
