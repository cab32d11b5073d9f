import type { Connection } from '@hutong/contract/console.ts';
import { hl7v2Lines, placeInHl7v2 } from './hl7v2.ts';
import { jsonLines, placeInJson } from './json.ts';
import type { Line, Place } from './line.ts';
import { placeInXml, xmlLines } from './xml.ts';

export type LaidOut = { form: 'hl7v2' | 'json' | 'xml' | 'text'; lines: Line[]; place(path: string): Place | null };

const asText = (raw: string): LaidOut => {
  const lines = raw.split(/\r\n|\r|\n/).map((text): Line => ({ at: '', pieces: [{ text, kind: 'plain' }] }));
  return {
    form: 'text',
    lines,
    // Tables and broken documents: 'line 12', 'row 12', '[12]' are the only places they have.
    place: (path) => {
      const line = Number(/(?:line|row|^)\s*\[?(\d+)\]?/i.exec(path)?.[1] ?? 0) - 1;
      return line >= 0 && line < lines.length ? { line, at: null } : null;
    },
  };
};

/** A message's text as lines to read, by what it looks like; a text that is broken in its own format is shown as it came. */
export function layOut(raw: string, protocol: Connection['protocol']): LaidOut {
  const start = raw.trimStart();
  if (protocol.startsWith('hl7v2') || /^(?:MSH|FHS|BHS)\W/.test(start)) {
    const lines = hl7v2Lines(raw);
    return { form: 'hl7v2', lines, place: (path) => placeInHl7v2(lines, path) };
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    const lines = jsonLines(raw);
    if (lines) return { form: 'json', lines, place: (path) => placeInJson(lines, path) };
  }
  if (start.startsWith('<')) {
    const lines = xmlLines(raw);
    if (lines) return { form: 'xml', lines, place: (path) => placeInXml(lines, path) };
  }
  return asText(raw);
}
