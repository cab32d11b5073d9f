import type { Planned } from '../messages/message.ts';
import { localDiagnosisCode } from '../places/local-codes.ts';
import { OID, observe, st, tag } from './xml.ts';

/** A diagnosis as WS/T 500 writes it, in ICD-10 or in the vendor's own codes. */
export function diagnosisEntry(message: Planned, diagnosis: { icd10: string; zh: string }): string {
  const { diagnosisCodes, vendor } = message.institution.quirks;
  const value =
    diagnosisCodes === 'local'
      ? tag('value', {
          'xsi:type': 'CD',
          code: localDiagnosisCode(vendor, diagnosis.icd10),
          codeSystem: `2.16.156.10011.999.${vendor}`,
          codeSystemName: '院内诊断',
          displayName: diagnosis.zh,
        })
      : tag('value', {
          'xsi:type': 'CD',
          code: diagnosis.icd10,
          codeSystem: OID.icd10,
          codeSystemName: 'ICD-10',
          displayName: diagnosis.zh,
        });
  return tag(
    'organizer',
    { classCode: 'CLUSTER', moodCode: 'EVN' },
    `<statusCode code="completed"/>${tag('component', {}, observe('DE05.01.025.00', '诊断名称', st(diagnosis.zh)))}${tag('component', {}, observe('DE05.01.024.00', '诊断代码', value))}`,
  );
}
