import { expect, test } from 'vitest';
import { draftOf, nextProduct, numberOf, suggestedLevel } from './decide.ts';
import { productKinds, type SignalFacts } from './model.ts';

const facts: SignalFacts = {
  topic: '麻疹',
  family: 'rash',
  area: '沙坪坝区',
  from: '2026-11-20',
  to: '2026-11-26',
  observed: 7,
  expected: 0.6,
  reason: '沙坪坝区麻疹 7 天内 7 例，预期 0.6 例。',
  step: 'suspected',
  institutions: 2,
  today: '2026-11-27',
};

test('each product is drafted from the facts: place, days, counts, level, advice', () => {
  for (const kind of productKinds) {
    const { title, body, level } = draftOf(kind, facts, { public: '接种疫苗。', departments: '应急接种。' });
    expect(title).toContain('沙坪坝区麻疹');
    expect(body).toContain('2026年11月20日至2026年11月26日');
    expect(body).toContain('7例');
    expect(body).toContain(kind === 'public-notice' ? '接种疫苗。' : '应急接种。');
    expect(body).toContain('2026年11月27日');
    expect(level).toBe('medium');
  }
});

test('the suggested level follows the step and the excess', () => {
  expect(suggestedLevel({ ...facts, step: 'field' })).toBe('high');
  expect(suggestedLevel({ ...facts, step: 'verify', observed: 2, expected: 1 })).toBe('low');
  expect(suggestedLevel({ ...facts, step: 'verify', observed: 8, expected: 1 })).toBe('medium');
});

test.each([
  ['draft', 'submit', 'submitted'],
  ['draft', 'sign', null],
  ['submitted', 'sign', 'issued'],
  ['submitted', 'edit', null],
  ['submitted', 'return', 'returned'],
  ['returned', 'edit', 'draft'],
  ['issued', 'edit', null],
  ['issued', 'withdraw', 'withdrawn'],
  ['withdrawn', 'sign', null],
] as const)('a %s product on %s becomes %s', (state, act, next) => {
  expect(nextProduct(state, act)).toBe(next);
});

test('numbers are of their series and year', () => {
  expect(numberOf('department-notice', 2026, 3)).toBe('疾控预通〔2026〕3号');
});
