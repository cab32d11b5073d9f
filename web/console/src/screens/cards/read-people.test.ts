import { expect, it } from 'vitest';
import { readPeople } from './read-people.ts';

it('reads pasted lines with commas of either width or tabs, and names the line that is none', () => {
  expect(
    readPeople('01,500999198005060011,张三,12900000000\n\n03，X1234567，Ann Lee\n01\t500999198005060038\t李四'),
  ).toEqual({
    people: [
      { documentType: '01', documentNumber: '500999198005060011', name: '张三', phone: '12900000000' },
      { documentType: '03', documentNumber: 'X1234567', name: 'Ann Lee' },
      { documentType: '01', documentNumber: '500999198005060038', name: '李四' },
    ],
  });
  expect(readPeople('01,1,a\n身份证,2,b')).toEqual({ line: 2 });
  expect(readPeople(Array.from({ length: 101 }, (_, n) => `01,${n},a`).join('\n'))).toEqual({ line: 101 });
});
