import { expect, it } from 'vitest';
import { Problem } from '../../app/api.ts';
import { closedGround } from './record-data.ts';

const error = { code: 'HT-ACCESS-003', zh: '没有依据', en: 'No ground', traceId: 't' };
const ground = { allowed: false, ground: 'none', zh: '无', en: 'none', until: null, canBreakGlass: true };

it('finds the ground of a closed record beside the error, and knows other refusals from it', () => {
  expect(closedGround(new Problem(403, error, { ...error, access: ground }))).toEqual(ground);
  expect(closedGround(new Problem(403, error, ground))).toEqual(ground);
  expect(closedGround(new Problem(403, error, error))).toBeNull();
  expect(closedGround(new Problem(404, error, { access: ground }))).toBeNull();
});
