import type { Field } from '../compare/field.ts';
import type { BlockingKey, FieldKind, Take } from '../schema.ts';

/** Ways a field may enter a key. Coarse ones are only used beside another field. */
const TAKES: Record<FieldKind, { alone: Take[]; beside: Take[] }> = {
  name: { alone: [], beside: ['all', 'soundex', 'initial'] },
  'full-name': { alone: ['all', 'words'], beside: ['words'] },
  'chinese-name': { alone: ['all', 'soundex'], beside: ['all', 'soundex', 'initial'] },
  date: { alone: ['all'], beside: ['all', 'year', 'month-day'] },
  identifier: { alone: ['all', 'half-first', 'half-last'], beside: [] },
  phone: { alone: ['all'], beside: ['end'] },
  address: { alone: ['all', 'words'], beside: ['all', 'words'] },
  text: { alone: [], beside: ['all', 'start'] },
  code: { alone: [], beside: ['all', 'start'] },
  category: { alone: [], beside: ['all'] },
  number: { alone: [], beside: ['all'] },
};

/** Every key worth pricing: single fields, pairs of fields, and exchanged fields (given name and surname) with a third. */
export function candidateKeys(fields: readonly Field[]): BlockingKey[] {
  const out: BlockingKey[] = [];
  for (const { spec } of fields) {
    for (const take of TAKES[spec.kind].alone) out.push({ parts: [{ field: spec.name, take }] });
  }
  for (let a = 0; a < fields.length; a++) {
    for (let b = a + 1; b < fields.length; b++) {
      const [left, right] = [fields[a]!.spec, fields[b]!.spec];
      for (const first of TAKES[left.kind].beside) {
        for (const second of TAKES[right.kind].beside) {
          out.push({
            parts: [
              { field: left.name, take: first },
              { field: right.name, take: second },
            ],
          });
        }
      }
    }
  }
  for (let a = 0; a < fields.length; a++) {
    const { spec, partner } = fields[a]!;
    if (partner <= a) continue;
    out.push({ parts: [{ field: spec.name, take: 'sorted', also: fields[partner]!.spec.name }] });
  }
  return out;
}
