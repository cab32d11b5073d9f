import { describe, expect, it } from 'vitest';
import { runChinese } from './chinese.ts';

describe('the Chinese benchmark at 12,000 records', () => {
  it('links people without a person only where it is right, and finds nearly all', async () => {
    const { verdict } = await runChinese(12_000, 3, 1);
    expect(verdict.automatic.pairs.precision).toBeGreaterThanOrEqual(0.9998);
    expect(verdict.automatic.pairs.recall).toBeGreaterThanOrEqual(0.965);
    expect(verdict.links.f1).toBeGreaterThanOrEqual(0.985);
    expect(verdict.blockingRecall).toBeGreaterThanOrEqual(0.998);
    expect(verdict.review.share).toBeLessThanOrEqual(0.03);
  }, 600_000);
});
