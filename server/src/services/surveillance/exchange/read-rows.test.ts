import { expect, test } from 'vitest';
import { readLists } from '../read-lists.ts';
import { csvCells, readRows } from './read-rows.ts';

const { exchangeFields } = readLists();
const read = (text: string, agreed: string[], type = 'text/csv') =>
  readRows(Buffer.from(text), type, 'person', exchangeFields, agreed, (code) => code === '500112', '2026-11-20');

test('quoted cells hold commas, quotes and line ends', () => {
  expect(csvCells('a,b\r\n"x, ""y""\nz",2\n')).toEqual([
    ['a', 'b'],
    ['x, "y"\nz', '2'],
  ]);
});

test('what the agreement names comes in, as CSV and as JSON', () => {
  const csv = read('key,name,area,day,reason\nK1,欧阳静,500112,2026-11-19,入境发热\n', ['name']);
  const json = read(
    JSON.stringify({ items: [{ key: 'K1', name: '欧阳静', area: '500112', day: '2026-11-19', reason: '入境发热' }] }),
    ['name'],
    'application/json',
  );
  expect(csv).toEqual({
    rows: [{ key: 'K1', name: '欧阳静', area: '500112', day: '2026-11-19', reason: '入境发热' }],
    problems: [],
  });
  expect(json).toEqual(csv);
});

test.each([
  ['key,name,area,day,reason\nK1,欧阳静,500112,2026-11-19,发热', [], /name is not part of the agreement/],
  ['key,salary,area,day,reason\nK1,9,500112,2026-11-19,发热', ['name'], /salary is not part of the agreement/],
  ['key,area,day,reason\nK1,500112,2026-11-19,', [], /Reason is missing/],
  ['key,area,day,reason\nK1,999999,2026-11-19,发热', [], /no area has this code/],
  ['key,area,day,reason\nK1,500112,2026-11-21,发热', [], /lies in the future/],
  ['key,area,day,reason\nK1,500112,2026-11-19,发热\nK1,500112,2026-11-19,发热', [], /stands twice/],
  ['{', [], /1 to 5000 rows/],
] as [string, string[], RegExp][])('%j is refused whole', (text, agreed, reason) => {
  expect(
    read(text, agreed)
      .problems.map(({ en }) => en)
      .join('; '),
  ).toMatch(reason);
});
