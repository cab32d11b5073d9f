import type { LabReport } from '../lives/visit.ts';
import type { Planned } from '../messages/message.ts';
import { linesOf, type Shown } from '../messages/show-result.ts';
import { localLabCode } from '../places/local-codes.ts';
import { compactTime } from '../time.ts';
import { diagnosisEntry } from './diagnosis.ts';
import { OID, observe, pq, section, st, tag } from './xml.ts';

/**
 * C0007. Two habits of vendors: the standard's own template (data elements one after another: item, name, result code,
 * quantity with unit), and plain CDA R2 (an organizer with one observation for each item).
 */
export function laboratory(message: Planned): string[] {
  const lab = message.lab!;
  const lines = linesOf(message, lab).map(({ shown }) => shown);
  const standard = message.institution.quirks.vendor >= 3;
  const specimen = tag(
    'entryRelationship',
    { typeCode: 'COMP' },
    observe('DE04.50.134.00', '标本类别', st(lab.panel.specimen.zh)),
  );
  return [
    section(
      '29548-5',
      OID.loinc,
      'Diagnosis',
      message.visit.diagnoses.map((diagnosis) => diagnosisEntry(message, diagnosis)),
    ),
    section('30954-2', OID.loinc, 'STUDIES SUMMARY', [
      observe('DE04.30.018.00', '检验类别', st(lab.panel.zh) + (standard ? '' : specimen)),
      ...(standard
        ? lines.flatMap((shown, index) => looseItem(message, lab, shown, index === 0 ? specimen : ''))
        : [organizer(message, lab, lines)]),
    ]),
    section('DE04.50.130.00', OID.element, '检验报告', [
      observe('DE04.50.130.00', '检验报告结果', st(conclusion(lab, lines))),
      observe('DE08.10.026.00', '检验报告科室', st('检验科')),
      observe('DE08.10.013.00', '检验报告机构名称', st(message.institution.nameZh)),
    ]),
  ];
}

function conclusion(lab: LabReport, lines: readonly Shown[]): string {
  const odd = lines.filter((shown) => shown.flag !== 'N').map((shown) => shown.result.analyte.zh);
  return odd.length > 0 ? `${odd.join('、')}异常` : `${lab.panel.zh}未见异常`;
}

/** Result codes: 1 normal, 2 abnormal (检查（检验）结果代码表). */
function looseItem(message: Planned, lab: LabReport, shown: Shown, specimen: string): string[] {
  const { analyte } = shown.result;
  const { quirks } = message.institution;
  const code = quirks.labCodes === 'local' ? localLabCode(quirks.vendor, analyte) : shown.loinc;
  const result = tag('value', {
    'xsi:type': 'CD',
    code: shown.flag === 'N' ? '1' : '2',
    codeSystem: '2.16.156.10011.2.3.2.38',
    codeSystemName: '检查（检验）结果代码表',
  });
  const unit = tag(
    'entryRelationship',
    { typeCode: 'COMP' },
    observe('DE04.30.016.00', '检查定量结果计量单位', st(shown.printed || '1')),
  );
  return [
    observe('DE04.30.019.00', '检验项目代码', st(code) + specimen, compactTime(lab.reportedAt)),
    observe('DE04.30.020.00', '检验项目名称', st(analyte.zh)),
    observe('DE04.30.017.00', '检验结果代码', result),
    shown.number === null
      ? observe('DE04.30.009.00', '检验结果', st(shown.text))
      : observe(
          'DE04.30.015.00',
          '检验定量结果',
          tag('value', { 'xsi:type': 'REAL', value: shown.text }) + unit + range(shown),
        ),
  ];
}

function organizer(message: Planned, lab: LabReport, lines: readonly Shown[]): string {
  const { quirks } = message.institution;
  const items = lines.map((shown) => {
    const { analyte } = shown.result;
    const local = {
      code: localLabCode(quirks.vendor, analyte),
      codeSystem: `2.16.156.10011.998.${quirks.vendor}`,
      codeSystemName: '院内检验项目',
      displayName: analyte.zh,
    };
    const standard = { code: shown.loinc, codeSystem: OID.loinc, codeSystemName: 'LOINC', displayName: analyte.zh };
    const code =
      quirks.labCodes === 'local'
        ? tag('code', local)
        : tag('code', standard, quirks.labCodes === 'both' ? tag('translation', local) : '');
    const value =
      shown.number === null ? st(shown.text) : pq(shown.text, quirks.labCodes === 'local' ? shown.printed : shown.unit);
    const flag = tag('interpretationCode', {
      code: shown.flag === 'A' ? 'POS' : shown.flag,
      codeSystem: '2.16.840.1.113883.5.83',
    });
    const content = `${code}<statusCode code="completed"/>${tag('effectiveTime', { value: compactTime(lab.reportedAt) })}${value}${flag}${range(shown)}`;
    return tag('component', {}, tag('observation', { classCode: 'OBS', moodCode: 'EVN' }, content));
  });
  const panel = lab.panel.loinc && quirks.labCodes !== 'local' ? { code: lab.panel.loinc, codeSystem: OID.loinc } : {};
  const head = `${tag('code', { displayName: lab.panel.zh, ...panel })}<statusCode code="completed"/>${tag('effectiveTime', { value: compactTime(lab.collectedAt) })}`;
  return tag('organizer', { classCode: 'CLUSTER', moodCode: 'EVN' }, head + items.join(''));
}

function range(shown: Shown): string {
  if (shown.number === null || shown.range === '') return '';
  const bound = (name: string, limit: number | null): string =>
    limit === null ? '' : tag(name, { value: limit, unit: shown.unit || '1' });
  return tag(
    'referenceRange',
    {},
    tag(
      'observationRange',
      {},
      tag('value', { 'xsi:type': 'IVL_PQ' }, bound('low', shown.low) + bound('high', shown.high)),
    ),
  );
}
