import { expect, it } from 'vitest';
import { withSeparatorsOf } from './repair.tsx';

it('sends an edited HL7 v2 text back with the separators it came with', () => {
  expect(withSeparatorsOf('MSH|\rPID|', 'MSH|\nPID|1')).toBe('MSH|\rPID|1');
  expect(withSeparatorsOf('MSH|\r\nPID|', 'MSH|\nPID|1')).toBe('MSH|\r\nPID|1');
  expect(withSeparatorsOf('{\n}', '{\r\n"a":1}')).toBe('{\n"a":1}');
});
