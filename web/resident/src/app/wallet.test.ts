import { expect, test } from 'vitest';
import { maskName } from './mask.ts';
import { codeAt, isWorn, purseOf } from './wallet.ts';

const server = Date.UTC(2026, 10, 30, 8);
const at = (ms: number): string => new Date(server + ms).toISOString();
const minutes = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ text: `code ${n}`, from: at(n * 60_000), until: at((n + 1) * 60_000) }));
const answer = { now: at(0), offlineUntil: at(15 * 60_000), codes: minutes(15) };

test('the code of the minute is shown by the server’s clock, however wrong the phone’s is', () => {
  const phone = server - 3 * 3_600_000;
  const purse = purseOf(answer, phone);
  expect(codeAt(purse, phone)).toMatchObject({ text: 'code 0', secondsLeft: 60, offlineUntil: at(15 * 60_000) });
  expect(codeAt(purse, phone + 61_500)).toMatchObject({ text: 'code 1', secondsLeft: 59 });
});

test('offline it ends when it said it would end, and never shows a code outside its minute', () => {
  const purse = purseOf(answer, server);
  expect(codeAt(purse, server + 15 * 60_000 - 1)).toMatchObject({ text: 'code 14', secondsLeft: 1 });
  expect(codeAt(purse, server + 15 * 60_000)).toBeNull();
  expect(codeAt(purse, server - 1000)).toBeNull();
  expect(codeAt(undefined, server)).toBeNull();
});

test('codes are fetched ahead again before they run short', () => {
  const purse = purseOf(answer, server);
  expect(isWorn(purse, server + 60_000)).toBe(false);
  expect(isWorn(purse, server + 121_000)).toBe(true);
  expect(isWorn(undefined, server)).toBe(true);
});

test.each([
  ['张三', '张*'],
  ['张小明', '张*明'],
  ['阿', '*'],
  ['John Smith', 'J*** S****'],
])('the name %s is shown as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});
