import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldKind, FieldSpec } from '../schema.ts';
import { foldValue, levelOf, openFields } from './field.ts';

function levelFor(spec: Omit<FieldSpec, 'name'>, a: string, b: string): string {
  const field = openFields([{ name: 'x', ...spec }])[0]!;
  return field.levels[levelOf(field, foldValue(field, a), foldValue(field, b))]!.code;
}

describe('levels', () => {
  it.each<[Omit<FieldSpec, 'name'>, string, string, string]>([
    [{ kind: 'name' }, 'Jonathan', 'jonathon', 'one-edit'],
    [{ kind: 'name' }, 'Élise', 'elise', 'exact'],
    [{ kind: 'name' }, 'catherine', 'katherine', 'one-edit'],
    [{ kind: 'name' }, 'J', 'John', 'short-form'],
    [{ kind: 'name' }, 'smith', 'jones', 'differs'],
    [{ kind: 'full-name' }, 'Smith John', 'john smith', 'same-words'],
    [{ kind: 'full-name' }, 'sir john william smith', 'john smith', 'words-within'],
    [{ kind: 'date' }, '1980-03-12', '12/03/1980', 'exact'],
    [{ kind: 'date' }, '1980-03-12', '1980-12-03', 'one-slip'],
    [{ kind: 'date' }, '1980-03-12', '1908-03-12', 'one-slip'],
    [{ kind: 'date' }, '1980-03-12', '1980', 'year-only'],
    [{ kind: 'date' }, '1980-03-12', '1980-03-29', 'two-parts'],
    [{ kind: 'date' }, '1980-03-12', '1994-11-30', 'differs'],
    [{ kind: 'phone' }, '+86 138 0013 8000', '13800138000', 'exact'],
    [{ kind: 'phone' }, '023-63841234', '63841234', 'same-end'],
    [{ kind: 'code' }, 'SW1A 1AA', 'sw1a 2bb', 'same-start'],
    [{ kind: 'identifier' }, '6988048', '6988084', 'one-slip'],
    [{ kind: 'address' }, '重庆市渝中区人民路12号', '渝中区人民路12号', 'near'],
    [{ kind: 'number' }, '100', '104', 'roughly'],
    [{ kind: 'number' }, '$1,299.00', '1299', 'exact'],
    [{ kind: 'chinese-name' }, '张伟', '張偉', 'variant'],
    [{ kind: 'chinese-name' }, '李静', '李婧', 'same-sound'],
    [{ kind: 'chinese-name' }, '王小明', '王明', 'order-or-missing'],
    [{ kind: 'chinese-name' }, '陈红宇', '陈红字', 'one-near-character'],
    [{ kind: 'chinese-name' }, '肖红', '萧红', 'same-sound'],
    [{ kind: 'chinese-name' }, '王芳', '王勇', 'one-character'],
    [{ kind: 'chinese-name' }, '王芳', '李强', 'differs'],
    [{ kind: 'chinese-name' }, '李梅之子', '张浩然', 'not-yet-named'],
    [{ kind: 'chinese-name' }, '李梅之大女', '张浩然', 'one-of-several-births'],
    [{ kind: 'chinese-name' }, '李梅之子', '李梅', 'not-yet-named'],
    [{ kind: 'chinese-name' }, '李梅之子', '王芳之子', 'differs'],
    [{ kind: 'chinese-name' }, '李梅之子', '李梅之子', 'not-yet-named'],
    [{ kind: 'chinese-name' }, '李梅之小女', '李梅之小女', 'one-of-several-births'],
  ])('of %j: %s and %s are "%s"', (spec, a, b, expected) => {
    expect(levelFor(spec, a, b)).toBe(expected);
    expect(levelFor(spec, b, a)).toBe(expected);
  });

  it('takes a 15-digit resident number for its 18-digit form', () => {
    expect(levelFor({ kind: 'identifier', check: 'mod11-2' }, '110105491231002', '11010519491231002X')).toBe('exact');
  });

  it('tells the numbers of twins from one mistyped number', () => {
    const rule = { kind: 'identifier', check: 'mod11-2' } as const;
    // Both pass the check, same area and birth date, another sequence; the second pair has a broken check sign.
    expect(levelFor(rule, '11010519491231002X', '110105194912310089')).toBe('both-valid-same-stem');
    expect(levelFor(rule, '11010519491231002X', '11010519491231003X')).toBe('one-slip');
  });
});

it.each(['', ' ', 'N/A', 'unknown', '不详'])('takes %j for a missing value in every kind', (blank) => {
  const kinds: FieldKind[] = [
    'name',
    'full-name',
    'chinese-name',
    'date',
    'identifier',
    'phone',
    'address',
    'text',
    'code',
    'category',
    'number',
  ];
  for (const field of openFields(kinds.map((kind) => ({ name: kind, kind })))) expect(foldValue(field, blank)).toBe('');
});

it('takes filler numbers for missing, so that they bind nobody', () => {
  const [id, phone] = openFields([
    { name: 'id', kind: 'identifier' },
    { name: 'phone', kind: 'phone' },
  ]);
  expect(foldValue(id!, '000000000')).toBe('');
  expect(foldValue(phone!, '99999999')).toBe('');
});

describe('every comparison', () => {
  const kinds: FieldKind[] = [
    'name',
    'full-name',
    'chinese-name',
    'date',
    'identifier',
    'phone',
    'address',
    'text',
    'code',
    'category',
    'number',
  ];
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abcdeé '), maxLength: 14 }),
    fc.string({ unit: fc.constantFrom(...'0123456789-'), maxLength: 18 }),
    fc.string({ unit: fc.constantFrom(...'张張伟偉王小明婧静?·'), maxLength: 5 }),
  );
  it('is symmetric, within its levels, and gives level 0 to equal values only', () => {
    const fields = openFields(kinds.map((kind) => ({ name: kind, kind })));
    fc.assert(
      fc.property(value, value, fc.nat(kinds.length - 1), (a, b, k) => {
        const field = fields[k]!;
        const [x, y] = [foldValue(field, a), foldValue(field, b)];
        fc.pre(x !== '' && y !== '');
        const level = levelOf(field, x, y);
        expect(levelOf(field, y, x)).toBe(level);
        expect(level).toBeLessThan(field.levels.length);
        expect(level === 0).toBe(x === y);
      }),
      { numRuns: 3000 },
    );
  });
});
