import { type Line, nearest, type Piece, type Place } from './line.ts';

const markup =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<![^>]*>|<\/[^>]+>|<(?:[^>"']|"[^"]*"|'[^']*')+>|[^<]+/g;
const attribute = /([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

type Open = { path: string; counts: Map<string, number> };
const localName = (name: string): string => name.replace(/^.*:/, '');

/** XML laid out for reading; nothing is resolved or expanded, so an entity bomb stays a line of text. Null when tags do not pair. */
export function xmlLines(raw: string): Line[] | null {
  const lines: Line[] = [];
  const stack: Open[] = [{ path: '', counts: new Map() }];
  const parts = raw.match(markup) ?? [];
  if (parts.join('').length !== raw.length) return null;
  const indent = (depth: number): Piece => ({ text: '  '.repeat(depth), kind: 'mark' });
  /** The line of an element that so far holds only text, so that `<a>text</a>` stays on one line. */
  let open: Line | null = null;

  for (const part of parts) {
    const depth = stack.length - 1;
    const top = stack.at(-1)!;
    if (part.startsWith('</')) {
      if (depth === 0) return null;
      stack.pop();
      const closing: Piece = { text: part, kind: 'name' };
      if (open) open.pieces.push(closing);
      else lines.push({ at: '', pieces: [indent(depth - 1), closing] });
      open = null;
    } else if (part.startsWith('<!') || part.startsWith('<?')) {
      lines.push({
        at: '',
        pieces: [indent(depth), { text: part, kind: part.startsWith('<![CDATA[') ? 'string' : 'comment' }],
      });
      open = null;
    } else if (part.startsWith('<')) {
      const name = localName(/^<\s*([^\s/>]+)/.exec(part)?.[1] ?? '');
      if (name === '') return null;
      const count = (top.counts.get(name) ?? 0) + 1;
      top.counts.set(name, count);
      const path = `${top.path}/${name}[${count}]`;
      const line: Line = { at: path, pieces: [indent(depth), ...tagPieces(part, path)] };
      lines.push(line);
      const isEmpty = part.endsWith('/>');
      if (!isEmpty) stack.push({ path, counts: new Map() });
      open = isEmpty ? null : line;
    } else if (part.trim() !== '') {
      const text: Piece = { text: part.trim(), kind: 'string', at: `${top.path}/text()` };
      if (open) open.pieces.push(text);
      else lines.push({ at: '', pieces: [indent(depth), text] });
    }
  }
  return stack.length === 1 && lines.length > 0 ? lines : null;
}

function tagPieces(tag: string, path: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of tag.matchAll(attribute)) {
    const [, name = '', equals = '', value = ''] = match;
    pieces.push(
      { text: tag.slice(from, match.index), kind: 'name' },
      { text: name, kind: 'value' },
      { text: equals, kind: 'mark' },
      { text: value, kind: 'string', at: `${path}/@${localName(name)}` },
    );
    from = match.index + match[0].length;
  }
  pieces.push({ text: tag.slice(from), kind: 'name' });
  return pieces.filter((piece) => piece.text !== '');
}

/** `/ClinicalDocument/recordTarget/patientRole/id[2]/@root` (with or without prefixes and [1]) → its line or the nearest one above. */
export function placeInXml(lines: readonly Line[], path: string): Place | null {
  const steps = path
    .split('/')
    .filter((step) => step !== '')
    .map((step) => {
      if (step.startsWith('@')) return `@${localName(step.slice(1))}`;
      if (step === 'text()') return step;
      const [, name = '', index = '1'] = /^([^[]+)(?:\[(\d+)\])?/.exec(step) ?? [];
      return `${localName(name)}[${index}]`;
    });
  return nearest(lines, steps.map((step) => `/${step}`).join(''), (longer) => longer.slice(0, longer.lastIndexOf('/')));
}
