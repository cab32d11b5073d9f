export function x(text: string | number): string {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** `<name a="b"/>`; attributes that are empty are left out. */
export function tag(name: string, attributes: Record<string, string | number | undefined>, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => ` ${key}="${x(value!)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export const OID = {
  document: '2.16.156.10011.1.1',
  healthRecord: '2.16.156.10011.1.2',
  number: '2.16.156.10011.1.3',
  staff: '2.16.156.10011.1.4',
  institution: '2.16.156.10011.1.5',
  outpatient: '2.16.156.10011.1.11',
  inpatient: '2.16.156.10011.1.12',
  specimen: '2.16.156.10011.1.14',
  request: '2.16.156.10011.1.24',
  department: '2.16.156.10011.1.26',
  examReport: '2.16.156.10011.1.32',
  labReport: '2.16.156.10011.1.33',
  element: '2.16.156.10011.2.2.1',
  sex: '2.16.156.10011.2.3.3.4',
  ethnic: '2.16.156.10011.2.3.3.3',
  icd10: '2.16.156.10011.2.3.3.11.3',
  kind: '2.16.156.10011.2.4',
  loinc: '2.16.840.1.113883.6.1',
} as const;

/** A coded data element of WS 363 (DE....). */
function element(code: string, zh: string): string {
  return tag('code', { code, codeSystem: OID.element, codeSystemName: '卫生信息数据元目录', displayName: zh });
}

/** An observation that says one data element with a text or a number. */
export function observe(code: string, zh: string, value: string, time = ''): string {
  return tag(
    'observation',
    { classCode: 'OBS', moodCode: 'EVN' },
    element(code, zh) + (time ? tag('effectiveTime', { value: time }) : '') + value,
  );
}

export function st(text: string): string {
  return tag('value', { 'xsi:type': 'ST' }, x(text) || '-');
}

export function pq(value: string | number, unit: string): string {
  return tag('value', { 'xsi:type': 'PQ', value, unit: unit === '' ? '1' : unit });
}

export function section(code: string, system: string, zh: string, entries: readonly string[], text = ''): string {
  const coded = tag('code', { code, codeSystem: system, displayName: zh });
  return tag(
    'component',
    {},
    tag(
      'section',
      {},
      `${coded}${text === '' ? '<text/>' : `<text>${x(text)}</text>`}${entries.map((entry) => `<entry>${entry}</entry>`).join('')}`,
    ),
  );
}
