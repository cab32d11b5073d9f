import { isResourceType, validateResource } from '@hutong/fhir';
import { expect, test } from 'vitest';
import { readAnswer } from './answer-reader.ts';
import { perPerson, person, shared } from './population.ts';

type Bundle = { entry: { resource: { resourceType: string } }[] };

test('everything that is sent is a valid resource, and the n-th person is always the same', () => {
  for (const text of [shared(), ...Array.from({ length: 30 }, (_, n) => person(n * 997))])
    for (const { resource } of (JSON.parse(text) as Bundle).entry) {
      expect(isResourceType(resource.resourceType)).toBe(true);
      expect(validateResource(resource)).toEqual([]);
    }
  expect(person(7)).toBe(person(7));
  expect((JSON.parse(person(7)) as Bundle).entry).toHaveLength(perPerson);
});

test.each([
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-Place: A/b\r\n\r\nhello world', 'hello world'],
  [
    'in chunks',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n',
    'hello world',
  ],
  ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
])('an answer %s is read right however its bytes are cut', (_what, text, body) => {
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size++) {
    let read = '';
    const reader = readAnswer((part) => {
      read += part.toString();
    });
    const done: boolean[] = [];
    for (let at = 0; at < bytes.length; at += size) done.push(reader.push(bytes.subarray(at, at + size)));
    expect([read, done.pop(), done.includes(true)]).toEqual([body, true, false]);
  }
});
