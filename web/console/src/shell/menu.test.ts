import { expect, it } from 'vitest';
import { isClosed, menu, menuOf } from './menu.ts';

it('lists only what the session may open', () => {
  expect(menuOf(['residents.search', 'record.read', 'directory.read']).map((entry) => entry.to)).toEqual([
    '/residents',
    '/institutions',
  ]);
  expect(menuOf([])).toEqual([]);
});

it('knows the pages that a session may not open, and leaves every other to the server', () => {
  expect(
    ['/performance', '/signals', '/residents', '/signals/7', '/nowhere'].map((path) =>
      isClosed(path, ['residents.search']),
    ),
  ).toEqual([true, true, false, false, false]);
});

it('gives every page a key of its own', () => {
  expect(new Set(menu.map((entry) => entry.key)).size).toBe(menu.length);
});
