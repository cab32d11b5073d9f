import { describe, expect, it } from 'vitest';
import { type Column, sortRows } from './data-table.tsx';

type Row = { name: string; delay: number | null };
const columns: Column<Row>[] = [
  { key: 'name', title: '', cell: () => null, sortBy: (row) => row.name },
  { key: 'delay', title: '', cell: () => null, sortBy: (row) => row.delay },
];
const rows: Row[] = [
  { name: '万州', delay: 3 },
  { name: '北碚', delay: null },
  { name: '渝中', delay: 40 },
];

describe('sorting a table', () => {
  it('orders Chinese names by pinyin, as Chinese readers expect', () => {
    expect(sortRows(rows, columns, { key: 'name', down: false }, 'zh-CN').map((row) => row.name)).toEqual([
      '北碚',
      '万州',
      '渝中',
    ]);
  });
  it('keeps rows without a value at the end in both directions', () => {
    expect(sortRows(rows, columns, { key: 'delay', down: true }, 'en').map((row) => row.delay)).toEqual([40, 3, null]);
    expect(sortRows(rows, columns, { key: 'delay', down: false }, 'en').map((row) => row.delay)).toEqual([3, 40, null]);
  });
  it('leaves the order of the server alone when nothing is chosen', () => {
    expect(sortRows(rows, columns, null, 'en')).toEqual(rows);
  });
});
