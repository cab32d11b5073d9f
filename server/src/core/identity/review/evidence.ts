import type { Agreement, FieldEvidence, WaterfallStep } from '@hutong/contract/identity.ts';
import { explainPair } from '@hutong/linkage';
import { type OpenModel, preparePerson } from '../matching/judge.ts';
import { comparableOf, matchSchema } from '../matching/records.ts';
import type { Source } from '../model.ts';
import type { Mask } from './cards.ts';

const plainly = new Set(['exact', 'variant', 'same-words']);

function fieldValue(field: FieldEvidence['field'], source: Source, mask: Mask): string | null {
  if (field === 'documents') return source.documents.map(({ number }) => mask('document', number)).join('、') || null;
  const value = source[field];
  return field === 'number' || field === 'phone' ? mask(field, value) : value;
}

/** The two cards field by field, and the sum step by step: what agrees, what conflicts, and how much each counts. */
export function evidenceOf(
  model: OpenModel,
  left: Source,
  right: Source,
  mask: Mask,
): { fields: FieldEvidence[]; waterfall: WaterfallStep[]; weight: number; probability: number } {
  const prepared = (source: Source) => preparePerson(model, comparableOf(source));
  const { steps, weight, probability } = explainPair(model.scorer, prepared(left), prepared(right));
  const fields = matchSchema.fields.map(({ name, label }): FieldEvidence => {
    const own = steps.filter(({ field, kind }) => field === name && (kind === 'field' || kind === 'rarity'));
    const step = own.find(({ kind }) => kind === 'field');
    const level = step?.level ?? 'missing';
    const levels = model.scorer.model.fields.find(({ field }) => field === name)?.levels;
    const agrees = levels?.find(({ code }) => code === level)?.agrees;
    const agreement: Agreement =
      level === 'missing' ? 'missing' : plainly.has(level) ? 'same' : agrees ? 'near' : 'conflict';
    const field = name as FieldEvidence['field'];
    return {
      field,
      label: label ?? { zh: name, en: name },
      left: fieldValue(field, left, mask),
      right: fieldValue(field, right, mask),
      agreement,
      level,
      bits: own.reduce((sum, { bits }) => sum + bits, 0),
      zh: step?.zh ?? '',
      en: step?.en ?? '',
    };
  });
  return { fields, waterfall: steps.map(({ level: _, ...step }) => step), weight, probability };
}
