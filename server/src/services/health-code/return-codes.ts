import type { ErrorCode } from '@hutong/contract/errors.ts';

/**
 * The four digits that card-centre interfaces answer with. 2004, 3004 and 4001 mean what the Qinghai interface V1.10 means by them; the others
 * are ours, in the same families: 1 input, 2 issuing, 3 verifying, 4 changing, 5 people, 9 platform.
 */
const codes: Partial<Record<ErrorCode, string>> = {
  'HT-CODE-001': '1001',
  'HT-CODE-016': '1002',
  'HT-CODE-014': '2004',
  'HT-CODE-002': '3001',
  'HT-CODE-006': '3002',
  'HT-CODE-004': '3003',
  'HT-CODE-003': '3004',
  'HT-CODE-005': '3005',
  'HT-CODE-007': '3006',
  'HT-CODE-008': '3007',
  'HT-CODE-009': '3008',
  'HT-CODE-011': '3009',
  'HT-CODE-017': '4001',
  'HT-CODE-020': '4002',
  'HT-CODE-010': '5001',
  'HT-CODE-015': '5002',
  'HT-CODE-019': '5003',
  'HT-CODE-012': '9012',
  'HT-CODE-013': '9013',
  'HT-CODE-018': '9018',
};

export const success = '0000';
export const returnCode = (code: ErrorCode): string => codes[code] ?? '9999';
