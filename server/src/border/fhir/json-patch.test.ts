import { expect, test } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';

// The cases of RFC 6902, appendix A, in short.
test.each([
  [{ foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
  [{ foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
  [{ foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc'] }], { foo: ['bar', ['abc']] }],
  [{ baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  [{ foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
  [{ baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
  [
    { foo: { bar: 'baz', waldo: 'fred' }, qux: {} },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { thud: 'fred' } },
  ],
  [
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    { a: { b: [1] } },
    [
      { op: 'copy', from: '/a/b', path: '/c' },
      { op: 'add', path: '/c/-', value: 2 },
    ],
    { a: { b: [1] }, c: [1, 2] },
  ],
  [
    { '/': 9, '~1': 10 },
    [
      { op: 'test', path: '/~01', value: 10 },
      { op: 'replace', path: '/~1', value: 1 },
    ],
    { '/': 1, '~1': 10 },
  ],
  [{ a: 1 }, [{ op: 'test', path: '/a', value: 1 }], { a: 1 }],
])('%j patched by %j', (document, patch, expected) => {
  const before = structuredClone(document);
  expect(applyJsonPatch(document, patch)).toEqual({ ok: true, value: expected });
  expect(document).toEqual(before);
});

test.each([
  [{ op: 'add', path: '/x/y', value: 1 }],
  [{ op: 'remove', path: '/x' }],
  [{ op: 'replace', path: '/x', value: 1 }],
  [{ op: 'add', path: '/list/9', value: 1 }],
  [{ op: 'add', path: '/list/01', value: 1 }],
  [{ op: 'test', path: '/a', value: '1' }],
  [{ op: 'move', from: '/o', path: '/o/p' }],
  [{ op: 'add', path: 'a', value: 1 }],
  [{ op: 'add', path: '/a' }],
  [{ op: 'leap', path: '/a' }],
  [null],
  [{ op: 'add', path: '/__proto__/polluted', value: 1 }],
  [{ op: 'add', path: '/constructor/prototype/polluted', value: 1 }],
])('%j is refused with its place', (operation) => {
  const result = applyJsonPatch({ a: 1, list: [], o: {} }, [{ op: 'add', path: '/fine', value: 1 }, operation]);
  expect(result).toMatchObject({ ok: false, error: { index: 1 } });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
