import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, Resource } from '../../fact.ts';
import { asResources, type FixtureName, fixtureBytes, only, options, parsed, translated } from '../cda-fixtures.ts';
import { checkDocument, narrative, translate, type WriteInput, type WrittenKind, write } from '../index.ts';

const written: [FixtureName, WrittenKind][] = [
  ['c0002-outpatient', 'C0002'],
  ['c0006-examination', 'C0006'],
  ['c0007-laboratory', 'C0007'],
  ['c0007-laboratory-gb18030', 'C0007'],
  ['plain-outpatient', 'C0002'],
  ['plain-examination', 'C0006'],
  ['plain-laboratory', 'C0007'],
];

/** The bytes differ (indentation, labels), so the document's own copy and its size are left out. */
const clinical = (facts: readonly Fact[]): Fact[] =>
  facts.filter(({ resource }) => resource.resourceType !== 'Binary' && resource.resourceType !== 'DocumentReference');
const sorted = (facts: readonly Fact[]): Fact[] =>
  [...clinical(facts)].sort((a, b) =>
    `${a.resource.resourceType}|${a.key}` < `${b.resource.resourceType}|${b.key}` ? -1 : 1,
  );

function inputOf(name: FixtureName): WriteInput {
  const { facts, controlId, sentAt } = translated(name);
  return {
    id: controlId,
    time: sentAt!,
    institution: { code: 'H500999001', name: '示例区人民医院' },
    resources: asResources(facts),
  };
}

describe('written documents', () => {
  test.each(written)('%s: written and read again, the same facts', (name, kind) => {
    const again = translate(parsed(write(kind, inputOf(name))), options);
    expect(sorted(again.facts)).toEqual(sorted(translated(name).facts));
    expect(again.controlId).toBe(translated(name).controlId);
  });

  test.each(written)('%s keeps our own structure rules', (name, kind) => {
    const original = checkDocument(parsed(fixtureBytes(name))).map(({ rule }) => rule);
    expect(checkDocument(parsed(write(kind, inputOf(name)))).map(({ rule }) => rule)).toEqual(original);
  });

  test('writing what was read from writing changes nothing any more', () => {
    for (const [name, kind] of written) {
      const first = write(kind, inputOf(name));
      const { facts, controlId, sentAt } = translate(parsed(first), options);
      const second = write(kind, {
        id: controlId,
        time: sentAt!,
        institution: { code: 'H500999001', name: '示例区人民医院' },
        resources: asResources(facts),
      });
      expect(second).toBe(first);
    }
  });

  test('any text, number and unit comes back, markup and control characters included', () => {
    const base = inputOf('c0007-laboratory');
    const text = fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', "'", '：', ' ', '测', '𠮷', ']', '\u0007', 'a', '\n'),
      minLength: 1,
      maxLength: 20,
    });
    // XML cannot carry a bell, readers trim and a filler means nothing.
    const plain = (one: string): string => one.replaceAll('\u0007', '').trim();
    const readable = text.filter((one) => plain(one) !== '');
    fc.assert(
      fc.property(
        readable,
        readable,
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.constantFrom('mmol/L', '10^9/L', '', '个'),
        (name, conclusion, value, unit) => {
          const resources = base.resources.map((one): Resource => {
            if (one.resourceType === 'DiagnosticReport') return { ...one, conclusion };
            if (one.resourceType === 'Composition') return { ...one, section: [] };
            if (one.resourceType !== 'Observation' || one.valueQuantity === undefined) return one;
            return {
              ...one,
              code: { ...(one.code as object), text: name },
              valueQuantity: { value, ...(unit === '' ? {} : { unit }) },
            };
          });
          const again = translate(parsed(write('C0007', { ...base, resources })), options);
          const [observation] = only(again, 'Observation');
          expect(only(again, 'DiagnosticReport')[0]!.resource.conclusion).toBe(plain(conclusion));
          expect((observation!.resource.code as { text: string }).text).toBe(plain(name));
          expect((observation!.resource.valueQuantity as { value: number }).value).toBe(
            Object.is(value, -0) ? 0 : value,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a visit without a Composition still has its complaint and diagnoses', () => {
    const base = inputOf('c0002-outpatient');
    const resources = base.resources.filter(({ resourceType }) => resourceType !== 'Composition');
    const document = parsed(write('C0002', { ...base, resources }));
    expect(checkDocument(document).map(({ rule }) => rule)).toEqual(['cda.author']);
    expect(only(translate(document, options), 'Condition')).toHaveLength(4);
    expect(only(translate(document, options), 'Encounter')[0]!.resource.reasonCode).toEqual([
      { text: '发热、咳嗽1天' },
    ]);
  });
});

describe('reading on a screen', () => {
  test('sections have titles and the author’s words or rows of values', () => {
    const { title, sections } = narrative(parsed(write('C0007', inputOf('c0007-laboratory'))));
    expect(title).toBe('检验报告');
    expect(sections.map((one) => one.title)).toEqual(['诊断', '检查检验', '检验报告']);
    expect(sections[1]!.rows).toContainEqual(['14749-6', '7.8', 'mmol/L', '']);
  });

  test('text and tables of the author come as lines and cells', () => {
    const { sections } = narrative(parsed(write('C0006', inputOf('c0006-examination'))));
    expect(sections.at(-1)).toMatchObject({ title: '检查报告', text: '胸部CT平扫报告', rows: [['层厚', '5 mm']] });
  });
});
