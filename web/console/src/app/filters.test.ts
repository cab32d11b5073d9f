import { expect, it } from 'vitest';
import { filters } from './filters.ts';

it('keeps the named filters of an address as plain texts and drops everything else', () => {
  const ofInbox = filters('state', 'institution');
  expect(ofInbox({ state: 'held', institution: '5001030001', name: 'somebody' })).toEqual({
    state: 'held',
    institution: '5001030001',
  });
  expect(ofInbox({ state: '', institution: ['a', 'b'] })).toEqual({});
});
