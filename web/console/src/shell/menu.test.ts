import { expect, it } from 'vitest';
import { menu, menuOf } from './menu.ts';

it('lists only what the session may open', () => {
  expect(menuOf(['residents.search', 'record.read', 'directory.read']).map((entry) => entry.to)).toEqual([
    '/residents',
    '/institutions',
  ]);
  expect(menuOf([])).toEqual([]);
});

it('gives every page a key of its own', () => {
  expect(new Set(menu.map((entry) => entry.key)).size).toBe(menu.length);
});
