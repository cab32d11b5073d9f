import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personKeyText as personOfCda } from './cda/keys.ts';
import { personKeyText as personOfHl7 } from './hl7v2/index.ts';
import { keyText } from './key-text.ts';

test('two different lists of as many parts never make the same key, whatever is in them', () => {
  const part = fc.string({ unit: fc.constantFrom('|', '%', '7', 'C', '2', '5', 'x', '病'), maxLength: 5 });
  fc.assert(
    fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (one, other) => {
      expect(keyText(...one) === keyText(...other)).toBe(one.every((text, at) => text === other[at]));
    }),
    { numRuns: 5000 },
  );
});

test('a number of the institution’s only authority is its own key, and nothing has no key', () => {
  expect(keyText('', 'M1')).toBe('M1');
  expect(keyText('', '')).toBe('');
  expect(keyText('a|b', 'c%')).toBe('a%7Cb|c%25');
});

test('a person told in a message and in a document has the same key', () => {
  for (const person of [
    { authority: '', localId: 'M1' },
    { authority: 'A|B', localId: '100%' },
  ])
    expect(personOfCda(person)).toBe(personOfHl7(person));
});
