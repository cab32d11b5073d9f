import type { Line, Piece, Place } from './line.ts';

/** HL7 v2 as received, one segment a line; every field knows its path, such as `OBX[2]-5`. In MSH, field 1 is the separator itself. */
export function hl7v2Lines(raw: string): Line[] {
  const separator = /^(?:MSH|FHS|BHS)(.)/m.exec(raw)?.[1] ?? '|';
  const seen = new Map<string, number>();
  const texts = raw.split(/\r\n|\r|\n/);
  if (texts.at(-1) === '') texts.pop();
  return texts.map((text) => {
    const [name = '', ...fields] = text.split(separator);
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) return { at: '', pieces: [{ text, kind: 'plain' }] };
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const at = `${name}[${count}]`;
    const shift = name === 'MSH' || name === 'FHS' || name === 'BHS' ? 2 : 1;
    const pieces: Piece[] = [{ text: name, kind: 'name', at }];
    for (const [index, value] of fields.entries()) {
      pieces.push({ text: separator, kind: 'mark' });
      if (value !== '') pieces.push({ text: value, kind: 'value', at: `${at}-${index + shift}` });
    }
    return { at, pieces };
  });
}

/** `PID-3[1].1`, `OBX[2]-5`, `ORC` → the segment's line, and the field when it has a value. */
export function placeInHl7v2(lines: readonly Line[], path: string): Place | null {
  const parts = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+))?/.exec(path);
  if (!parts) return null;
  const [, name, sequence = '1', field] = parts;
  const segment = `${name}[${sequence}]`;
  const line = lines.findIndex((candidate) => candidate.at === segment);
  if (line < 0) return null;
  const at = field ? `${segment}-${field}` : segment;
  return { line, at: lines[line]!.pieces.some((piece) => piece.at === at) ? at : null };
}
