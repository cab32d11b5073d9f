import { validateResource } from '@hutong/fhir';
import { describe, expect, test } from 'vitest';
import { fixtureBytes, fixtureNames, only, options, parsed, translated } from './cda-fixtures.ts';
import { rules, translate } from './index.ts';

describe('every fixture', () => {
  test.each(fixtureNames)('%s becomes valid FHIR with keys that resolve', (name) => {
    const { facts } = translated(name);
    const problems = facts.flatMap(({ resource }) =>
      validateResource(resource).filter(({ severity }) => severity === 'error'),
    );
    expect(problems).toEqual([]);
    const keys = new Set(facts.map(({ key, resource }) => `key:${resource.resourceType}|${key}`));
    const references = [...JSON.stringify(facts).matchAll(/"reference":"(key:[^"]+)"/g)].map(
      ([, reference]) => reference!,
    );
    expect(references.filter((reference) => !keys.has(reference))).toEqual([]);
    expect(new Set(facts.map(({ key, resource }) => `${resource.resourceType}|${key}`)).size).toBe(facts.length);
  });

  test.each(fixtureNames)('%s says the same twice', (name) => expect(translated(name)).toEqual(translated(name)));

  test('issues and unmapped paths quote nothing of the person', () => {
    for (const name of fixtureNames) {
      const text = fixtureBytes(name)
        .toString('utf8')
        .replace('C0007', 'C0007')
        .replace('value="1985', 'value="2985')
        .replace('500999', '500998');
      const { issues, unmapped } = translate(parsed(name.endsWith('gb18030') ? fixtureBytes(name) : text), options);
      expect(JSON.stringify([issues, unmapped])).not.toMatch(/测试|5009\d\d(19|29)|139000/);
    }
  });
});

describe('laboratory report', () => {
  const translation = translated('c0007-laboratory');

  test('is named, dated and about the inpatient; a filler is no number', () => {
    expect(translation).toMatchObject({
      kind: 'C0007',
      controlId: 'C0007-20260228-0007',
      sentAt: '2026-02-28T02:20:00.000Z',
      issues: [],
      unmapped: [],
    });
    expect(only(translation, 'Patient')[0]).toMatchObject({
      person: { authority: '2.16.156.10011.1.12', localId: 'Z2026022700003' },
    });
    expect(JSON.stringify(translation.facts)).not.toContain('"value":"-"');
  });

  test('loose entries become one Observation an item, with value, unit, specimen and interpretation', () => {
    const observations = only(translation, 'Observation').map(({ resource }) => resource);
    expect(observations.map(({ code }) => (code as { coding: { system: string; code: string }[] }).coding[0])).toEqual([
      { system: 'http://loinc.org', code: '14749-6' },
      { system: 'http://loinc.org', code: '14682-9' },
      { system: 'urn:hutong:institution:H500999001:codes:result-items', code: 'K001' },
      { system: 'http://loinc.org', code: '5196-1' },
    ]);
    expect(observations[0]).toMatchObject({
      valueQuantity: { value: 7.8, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
      interpretation: [{ coding: [{ code: 'A' }] }],
      specimen: { reference: 'key:Specimen|SP20260228007' },
      effectiveDateTime: '2026-02-28T06:30:00+08:00',
      issued: '2026-02-28T10:10:00+08:00',
      method: { text: '酶法' },
    });
    expect(observations[1]).toMatchObject({ valueQuantity: { unit: 'μmol/L', code: 'umol/L' } });
    expect(observations[3]).toMatchObject({ valueCodeableConcept: { coding: [{ code: '1', display: '正常' }] } });
  });

  test('report, request and visit hang together', () => {
    expect(only(translation, 'DiagnosticReport')[0]).toMatchObject({
      key: 'LR20260228007',
      resource: {
        status: 'final',
        conclusion: '血糖升高，请结合临床',
        basedOn: [{ reference: 'key:ServiceRequest|RQ20260228007' }],
        category: [{ coding: [{ code: 'LAB' }], text: '生化检验' }],
        resultsInterpreter: [{ reference: 'key:Practitioner|T0009', display: '示例审核乙' }],
      },
    });
    expect(only(translation, 'ServiceRequest')[0]).toMatchObject({
      merge: 'elements',
      stamp: '0001-01-01T00:00:00.000Z',
      resource: {
        reasonCode: [
          { coding: [{ code: 'J18.900' }, { system: 'http://hl7.org/fhir/sid/icd-10', code: 'J18.9' }], text: '肺炎' },
        ],
      },
    });
    expect(only(translation, 'Encounter')[0]).toMatchObject({
      stamp: '0001-01-01T00:00:00.000Z',
      resource: {
        class: { code: 'IMP' },
        period: { start: '2026-02-27T15:30:00+08:00' },
        location: [{ location: { display: '呼吸三病区 305 12' } }],
      },
    });
  });

  test('GB18030, groups, ranges, comparators, text results and a correction are read', () => {
    const corrected = translated('c0007-laboratory-gb18030');
    const [white, crp, stool] = only(corrected, 'Observation').map(({ resource }) => resource);
    expect(white).toMatchObject({
      status: 'amended',
      code: { text: '白细胞计数' },
      valueQuantity: { value: 15.2, unit: '10^9/L', code: '10*9/L' },
      interpretation: [{ coding: [{ code: 'H' }] }],
      referenceRange: [{ low: { value: 3.5 }, high: { value: 9.5 } }],
    });
    expect(crp).toMatchObject({ valueQuantity: { value: 0.5, comparator: '<' } });
    expect(stool).toMatchObject({ valueString: '水样便' });
    expect(only(corrected, 'Composition')[0]!.resource).toMatchObject({
      status: 'amended',
      relatesTo: [{ code: 'replaces', targetIdentifier: { value: 'C0007-20260302-0010' } }],
    });
    expect(only(corrected, 'Patient')[0]!.resource.name).toMatchObject([{ text: '测试㛃' }]);
  });
});

describe('outpatient record', () => {
  const translation = translated('c0002-outpatient');

  test('is the visit, with its diagnoses in both traditions', () => {
    expect(only(translation, 'Encounter')[0]).toMatchObject({
      stamp: '2026-03-01T01:30:00.000Z',
      resource: {
        status: 'finished',
        class: { code: 'AMB' },
        period: { start: '2026-03-01T09:05:00+08:00' },
        serviceType: { text: '发热门诊' },
        reasonCode: [{ text: '发热、咳嗽1天' }],
      },
    });
    const codes = only(translation, 'Condition').map(({ resource }) =>
      (resource.code as { coding: { code: string }[] }).coding.map(({ code }) => code),
    );
    expect(codes).toEqual([['J10.100x001', 'J10.1'], ['I10'], ['A01.03.02'], ['B02.01.03']]);
    expect(
      only(translation, 'Condition').map(
        ({ resource }) => (resource.category as { coding: { code: string }[] }[]).at(-1)!.coding[0]!.code,
      ),
    ).toEqual(['encounter-diagnosis', 'encounter-diagnosis', 'tcm-disease', 'tcm-pattern']);
  });

  test('tells who the person is', () => {
    expect(only(translation, 'Patient')[0]!.resource).toMatchObject({
      gender: 'female',
      birthDate: '1985-03-12',
      name: [{ text: '测试甲' }],
      telecom: [{ value: '13900000001' }],
      address: [{ text: '重庆市示例区示例街道示例路1号', district: '示例区' }],
      extension: [
        { url: 'urn:hutong:extension:ethnic-group', valueCoding: { code: '01', display: '汉族' } },
        { url: 'urn:hutong:extension:occupation' },
      ],
    });
  });

  test('vital signs, allergy and orders are facts, words stay in the Composition', () => {
    expect(only(translation, 'Observation').map(({ key }) => key.split('|').at(-1))).toEqual([
      '8310-5',
      '8867-4',
      '85354-9',
    ]);
    expect(only(translation, 'Observation')[0]!.resource).toMatchObject({
      valueQuantity: { value: 39.2, unit: '℃', code: 'Cel' },
    });
    expect(only(translation, 'Observation')[2]!.resource).toMatchObject({
      component: [{ valueQuantity: { value: 138 } }, { valueQuantity: { value: 86 } }],
    });
    expect(only(translation, 'AllergyIntolerance')[0]).toMatchObject({
      key: '青霉素过敏',
      resource: { code: { text: '青霉素过敏' } },
    });
    expect(only(translation, 'MedicationRequest')[0]!.resource).toMatchObject({
      medicationCodeableConcept: { text: '磷酸奥司他韦胶囊 75mg 口服 每日2次' },
      note: [{ text: '饭后服用' }],
      requester: { reference: 'key:Practitioner|D0001' },
    });
    expect(only(translation, 'ServiceRequest')[0]!.resource).toMatchObject({
      code: { text: '血常规' },
      category: [{ coding: [{ code: '03' }] }],
    });
    const sections = only(translation, 'Composition')[0]!.resource.section as {
      title: string;
      text: { div: string };
    }[];
    expect(sections.map(({ title }) => title)).toContain('现病史');
    expect(sections.find(({ title }) => title === '现病史')!.text.div).toContain('体温&gt;38.5℃');
  });

  test('what has no place is counted, and only that', () => {
    expect(translation.unmapped).toEqual([
      {
        path: expect.stringMatching(/section\[46209-3\].*\/author\/assignedAuthor\/representedOrganization\/name$/),
        count: 2,
      },
    ]);
  });
});

describe('plain CDA R2', () => {
  test('observations coded by item are results, their group is the panel', () => {
    const translation = translated('plain-laboratory');
    const observations = only(translation, 'Observation').map(({ resource }) => resource);
    expect(observations.length).toBeGreaterThan(3);
    for (const { code, valueQuantity, interpretation, specimen } of observations) {
      const { coding } = code as { coding: { system: string }[] };
      expect(coding.map(({ system }) => system.replace(/\d+$/, 'n'))).toEqual([
        'http://loinc.org',
        'urn:oid:2.16.156.10011.998.n',
      ]);
      expect(valueQuantity).toMatchObject({ system: 'http://unitsofmeasure.org' });
      expect(interpretation).toHaveLength(1);
      expect(specimen).toBeDefined();
    }
    const [report] = only(translation, 'DiagnosticReport');
    expect(report!.resource.result).toHaveLength(observations.length);
    expect(report!.resource.code).toMatchObject({ coding: [{ system: 'http://loinc.org' }] });
    expect(translation.unmapped).toEqual([]);
  });

  test('medicines with a dose stand among the orders of a visit', () => {
    const translation = translated('plain-outpatient');
    expect(only(translation, 'Encounter')[0]!.resource).toMatchObject({
      status: 'finished',
      identifier: [{ value: expect.any(String) }],
    });
    for (const { resource } of only(translation, 'MedicationRequest')) {
      expect(resource).toMatchObject({
        dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: expect.any(Number) } }] }],
        dispenseRequest: { expectedSupplyDuration: { unit: 'd' } },
      });
    }
    expect(only(translation, 'MedicationRequest').length).toBeGreaterThan(0);
    expect(translation.unmapped).toEqual([]);
  });

  test('an examination that is only named in words is called that', () => {
    const [report] = only(translated('plain-examination'), 'DiagnosticReport');
    expect(report!.resource.code).toMatchObject({
      coding: [{ code: '18748-4' }],
      text: expect.stringMatching(/\p{Script=Han}/u),
    });
    expect(report!.resource.conclusion).toEqual(expect.any(String));
  });

  test('a test that was called off is not final', () => {
    const text = fixtureBytes('plain-laboratory')
      .toString('utf8')
      .replace(/(<observation [^>]*><code code="[\d-]+"[\s\S]*?<statusCode code=")completed/, '$1aborted');
    const statuses = only(translate(parsed(text), options), 'Observation').map(({ resource }) => resource.status);
    expect(statuses.filter((status) => status === 'cancelled')).toHaveLength(1);
  });
});

describe('other kinds', () => {
  test('a prescription gives one request a medicine', () => {
    const translation = translated('c0004-prescription');
    expect(only(translation, 'MedicationRequest').map(({ key }) => key)).toEqual([
      'RX20260301005|YP001|1',
      'RX20260301005|YP002|2',
    ]);
    expect(only(translation, 'MedicationRequest')[0]!.resource).toMatchObject({
      groupIdentifier: { value: 'RX20260301005' },
      medicationCodeableConcept: { text: '苯磺酸氨氯地平片' },
      dosageInstruction: [
        { doseAndRate: [{ doseQuantity: { value: 5, code: 'mg' } }], route: { coding: [{ code: '1' }] } },
      ],
      dispenseRequest: { quantity: { value: 140 }, expectedSupplyDuration: { value: 28 } },
      reasonCode: [{ coding: [{ code: 'I10.x00' }, { code: 'I10' }] }],
    });
    expect(translation.unmapped.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
      'observation[DE08.50.056.00]/value',
      'observation[DE07.00.004.00]/value',
    ]);
  });

  test('an examination report keeps findings and impression apart', () => {
    const translation = translated('c0006-examination');
    expect(only(translation, 'Observation')[0]!.resource).toMatchObject({
      code: { coding: [{ code: '59776-5' }] },
      valueString: expect.stringContaining('右肺下叶'),
    });
    expect(only(translation, 'DiagnosticReport')[0]!.resource).toMatchObject({
      code: { coding: [{ code: '24627-2' }], text: '胸部CT平扫' },
      conclusion: '右肺下叶炎症，建议治疗后复查',
    });
  });

  test('a kind that is not translated keeps the document and says so', () => {
    const translation = translated('c0053-discharge');
    expect(translation.issues.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      'warning cda.kind-not-mapped',
    ]);
    expect(translation.facts.map(({ resource }) => resource.resourceType)).toEqual([
      'Patient',
      'Practitioner',
      'Organization',
      'Composition',
      'Binary',
      'DocumentReference',
    ]);
    expect(translation.unmapped).toEqual([{ path: expect.stringMatching(/section\[11535-2\].*\/value$/), count: 1 }]);
  });

  test('the bytes are kept as they came', () => {
    const bytes = fixtureBytes('c0007-laboratory-gb18030');
    const [binary] = only(translated('c0007-laboratory-gb18030'), 'Binary');
    expect(Buffer.from(String(binary!.resource.data), 'base64').equals(bytes)).toBe(true);
  });
});

describe('bad content', () => {
  const text = fixtureBytes('c0007-laboratory').toString('utf8');
  const issuesOf = (from: string, to: string): string[] => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    return translate(parsed(changed), options).issues.map(({ rule, path }) => `${rule} ${path}`);
  };

  test('is named by rule and path', () => {
    expect(issuesOf('C0007" codeSystem', 'C9999" codeSystem')).toEqual([]);
    expect(issuesOf('19600708035', '19600708036')).toEqual([
      'cda.resident-number /ClinicalDocument/recordTarget/patientRole/patient/id',
    ]);
    expect(issuesOf('birthTime value="1960', 'birthTime value="2060')).toEqual([
      'cda.birth-date-future /ClinicalDocument/recordTarget/patientRole/patient/birthTime',
    ]);
    expect(issuesOf('<effectiveTime value="20260228102000"/>', '<effectiveTime value="20260230102000"/>')).toEqual([
      'cda.bad-time /ClinicalDocument/effectiveTime',
    ]);
    expect(issuesOf('<effectiveTime value="20260228102000"/>', '<effectiveTime value="20300228102000"/>')).toEqual([
      'cda.time-in-future /ClinicalDocument/effectiveTime',
    ]);
    expect(issuesOf('value="7.8"', 'value="7,8"')[0]).toMatch(/^cda.bad-number .*value$/);
    expect(issuesOf('>mmol/L<', '>个单位<')[0]).toMatch(/^cda.unknown-unit .*value$/);
    expect(issuesOf('administrativeGenderCode code="1"', 'administrativeGenderCode code="7"')[0]).toMatch(
      /^cda.unknown-code/,
    );
    expect(issuesOf('extension="LR20260228007"', 'extension=""')[0]).toMatch(/^cda.c0007.report-number/);
    expect(
      issuesOf('id root="2.16.156.10011.1.5" extension="H500999001"', 'id root="2.16.156.10011.1.5" extension="H2"')[0],
    ).toMatch(/^cda.institution-mismatch/);
  });

  test('nobody to name, or no kind, gives no facts', () => {
    const nobody = text.replaceAll(/<id root="2\.16\.156\.10011\.1\.(12|3)"[^>]*>/g, '');
    expect(translate(parsed(nobody), options)).toMatchObject({
      facts: [],
      issues: expect.arrayContaining([expect.objectContaining({ rule: 'cda.person-missing', severity: 'error' })]),
    });
    const unknown = text.replace('C0007" codeSystem', 'X" codeSystem').replace('1.1.27', '1.1.99');
    expect(translate(parsed(unknown), options)).toMatchObject({
      kind: 'CDA',
      facts: [],
      issues: [{ rule: 'cda.kind-unknown' }],
    });
  });

  test('a wrong time orders by receipt, and the report still has its key', () => {
    const { facts } = translate(
      parsed(text.replace('<effectiveTime value="20260228102000"/>', '<effectiveTime/>')),
      options,
    );
    expect(facts.find(({ resource }) => resource.resourceType === 'DiagnosticReport')).toMatchObject({
      key: 'LR20260228007',
      stamp: options.receivedAt,
    });
  });
});

test('every rule speaks both languages', () => {
  for (const { zh, en } of Object.values(rules)) {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[\x20-\x7e]+$/);
  }
});

test('a document of many thousand elements takes time in proportion', () => {
  const text = fixtureBytes('plain-laboratory').toString('utf8');
  const item = /<component><observation [^>]*><code code="[0-9]+-[0-9]"[\s\S]*?<\/observation><\/component>/.exec(
    text,
  )![0];
  const brothers = `<a>${'<b c="1"/>'.repeat(20_000)}</a>`;
  const large = text.replace(item, item.repeat(3000)).replace('</ClinicalDocument>', `${brothers}</ClinicalDocument>`);
  const begun = performance.now();
  const translation = translate(parsed(large), options);
  expect(only(translation, 'Observation').length).toBeGreaterThan(3000);
  expect(translation.unmapped).toEqual([{ path: '/ClinicalDocument/a/b', count: 20_000 }]);
  // Seconds on a busy machine; quadratic work would take minutes.
  expect(performance.now() - begun).toBeLessThan(20_000);
});
