import { keyText } from '../../key-text.ts';
import type { Context } from '../context.ts';
import { find, valueText } from '../read/statement.ts';

const FLAG = 'DE02.10.023.00';
const TEXT = 'DE05.01.022.00';
const STATUS = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';

/**
 * An allergy that the patient tells becomes an AllergyIntolerance of the person (not of the visit): the same words at the next
 * visit are the same fact. "None" is a word of this visit only and stays in its text.
 */
export function allergy(context: Context): void {
  const section = context.section('48765-2', '过敏史');
  const statements = context.statements(section);
  const flag = valueText(context.reading, find(statements, FLAG)).toLowerCase();
  // Some templates give the words another element's code.
  const named =
    find(statements, TEXT) ?? statements.find(({ code, label }) => code !== FLAG && label.includes('过敏史'));
  const text = valueText(context.reading, named);
  const none = flag === 'false' || flag === '0' || flag === '无' || /^(无|否认|没有|未发现)/.test(text);
  if (none || (flag === '' && text === '')) return;
  const resource = {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: { coding: [{ system: STATUS, code: 'active' }] },
    verificationStatus: { coding: [{ system: VERIFICATION, code: 'unconfirmed' }] },
    code: { text: text || '有过敏史' },
    patient: context.subject,
  };
  context.add(keyText(text || 'unspecified'), resource, section ? { section } : {});
}
