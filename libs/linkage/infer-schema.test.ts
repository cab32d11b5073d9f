import { describe, expect, it } from 'vitest';
import { inferSchema } from './infer-schema.ts';

function kinds(columns: string[], rows: string[][]): Record<string, string> {
  return Object.fromEntries(inferSchema(columns, rows).schema.fields.map((field) => [field.name, field.kind]));
}

const FIRST = ['ann', 'bob', 'carl', 'dora', 'emil', 'fay', 'gus', 'hal', 'ida', 'jon', 'kim', 'leo'];
const LAST = ['adams', 'brown', 'clark', 'dixon', 'evans', 'ford', 'green', 'hill', 'irwin', 'jones', 'king', 'lane'];

describe('a guessed schema', () => {
  it('finds id, names, dates and numbers from headings and values', () => {
    const rows = FIRST.map((first, i) => [
      `k${i}`,
      first,
      LAST[11 - i]!,
      `19${60 + i}-0${1 + (i % 9)}-11`,
      i % 2 ? 'm' : 'f',
      `1390000${1000 + i}`,
    ]);
    const columns = ['record_id', 'first_name', 'last_name', 'dob', 'sex', 'mobile'];
    expect(kinds(columns, rows)).toEqual({
      first_name: 'name',
      last_name: 'name',
      dob: 'date',
      sex: 'category',
      mobile: 'phone',
    });
    const guess = inferSchema(columns, rows);
    expect(guess.idColumn).toBe('record_id');
    expect(guess.schema.fields[0]!.swapWith).toBe('last_name');
  });

  it('reads Chinese headings and values', () => {
    const rows = FIRST.map((_, i) => [
      String(i),
      `王${'伟芳娜敏静丽强磊军洋勇艳'[i]}`,
      `1101051949123100${10 + i}`,
      `重庆市渝中区人民路${i}号`,
    ]);
    const guess = inferSchema(['编号', '姓名', '身份证号', '住址'], rows);
    expect(guess.idColumn).toBe('编号');
    expect(guess.schema.fields).toEqual([
      { name: '姓名', kind: 'chinese-name' },
      { name: '身份证号', kind: 'identifier', check: 'mod11-2' },
      { name: '住址', kind: 'address' },
    ]);
  });

  it('sees cells that hold several values', () => {
    const rows = FIRST.map((first, i) => [first, `1390000${1000 + i}|1380000${2000 + i}`]);
    expect(inferSchema(['first_name', 'phone'], rows).schema.fields[1]).toEqual({
      name: 'phone',
      kind: 'phone',
      separator: '|',
    });
  });

  it('never compares a column that looks like the answer, nor one that only repeats others', () => {
    const rows = FIRST.flatMap((first, i) =>
      LAST.map((last, j) => [`${i}-${j}`, `c${i}`, `${first} ${last}`, first, last, 'same']),
    );
    const { schema, left } = inferSchema(['id', 'cluster', 'full_name', 'first_name', 'surname', 'source'], rows);
    expect(schema.fields.map((field) => field.name)).toEqual(['first_name', 'surname']);
    expect(left).toEqual([
      { column: 'id', reason: 'identifies-the-record' },
      { column: 'cluster', reason: 'looks-like-an-answer' },
      { column: 'source', reason: 'constant' },
      { column: 'full_name', reason: 'composed-of-others' },
    ]);
  });
});
