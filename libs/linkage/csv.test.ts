import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCsv, writeCsvRow } from './csv.ts';

function parse(pieces: string[], separator?: string): string[][] {
  const rows: string[][] = [];
  const reader = readCsv((cells) => rows.push(cells), separator);
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return rows;
}

it('reads back what was written, however the text is cut into pieces', () => {
  const cell = fc
    .string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '王', 'b'), maxLength: 6 })
    .filter((text) => !/^\r|\r$/.test(text));
  const row = fc.array(cell, { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(60), { maxLength: 5 }), (rows, cuts) => {
      const text = rows.map(writeCsvRow).join('');
      const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      const pieces = at.slice(1).map((end, i) => text.slice(at[i], end));
      expect(parse(pieces, ',')).toEqual(rows);
    }),
  );
});

it('trims spaces after separators, drops the byte order mark and blank lines, and finds the separator', () => {
  expect(parse(['\ufeffid; name\r\n1; ann\r\n\r\n2;  bob'])).toEqual([
    ['id', 'name'],
    ['1', 'ann'],
    ['2', 'bob'],
  ]);
});
