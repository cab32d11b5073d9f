import { expect, it } from 'vitest';
import { csv } from './csv.ts';

it('quotes what needs quoting and disarms formulas', () => {
  expect(
    csv(
      ['路径', 'n'],
      [
        ['ZPI-3 "x"', 2],
        ['=HYPERLINK("http://x")', -1],
        ['a,b', 0],
      ],
    ),
  ).toBe('\uFEFF路径,n\r\n"ZPI-3 ""x""",2\r\n"\'=HYPERLINK(""http://x"")",-1\r\n"a,b",0\r\n');
});
