import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeResidentNumber } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { validateResource } from '@hutong/fhir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduce } from './fixtures/reduce.ts';
import { factsOf, msh, only, paths, RECEIVED, read, rulesOf, send } from './fixtures/send.ts';
import { acknowledge, decode, describe as describeMessage, parse, translate } from './index.ts';

const PID = 'PID|1||P1^^^HIS^MR||张三^^^^^^L^I~ZHANG^SAN^^^^^L^A||19800102|1';
const adt = (event: string, lines: string, at = '20261101100000'): string =>
  `${msh(`ADT^${event}`, `${event}-1`, at)}\n${lines}`;

describe('a person', () => {
  const number = makeResidentNumber({ areaCode: '500199', birthDate: '1980-01-02', sequence: 11 });
  const full = only(
    send(
      adt(
        'A28',
        `PID|1||P1^^^HIS^MR~${number}^^^^NI~X100^^^^JKK||欧阳修文^^^^^^L^I~OUYANG^XIUWEN^^^^^L^A||19800102|1|||解放路1号^^重庆市^重庆市^400000^CHN^H^^500103||^PRN^CP^^^^^^^^^13800000000~^NET^Internet^a@b.cn|021-1^WPN^PH||20||||||01`,
      ),
    ),
    'Patient',
  );

  it('has the names of each script, Chinese ones cut behind the surname', () => {
    expect(full.name).toMatchObject([
      { text: '欧阳修文', family: '欧阳', given: ['修文'], use: 'official' },
      { text: 'XIUWEN OUYANG', family: 'OUYANG', given: ['XIUWEN'] },
    ]);
  });

  it('has its numbers in their systems', () => {
    expect(full.identifier).toMatchObject([
      { system: 'urn:hutong:institution:50010301:HIS', value: 'P1' },
      { system: systems.residentNumber, value: number },
      { system: systems.healthCard, value: 'X100' },
    ]);
  });

  it('has Chinese codes for sex, marriage, ethnic group and area', () => {
    expect(full).toMatchObject({ gender: 'male', birthDate: '1980-01-02', maritalStatus: { coding: [{ code: 'M' }] } });
    expect(full.extension).toMatchObject([{ valueCoding: { system: systems.ethnicGroup, code: '01' } }]);
    expect(full.address).toMatchObject([
      { use: 'home', district: '渝中区', extension: [{ valueCoding: { code: '500103' } }] },
    ]);
    expect(full.telecom).toMatchObject([
      { system: 'phone', value: '13800000000', use: 'mobile' },
      { system: 'email', value: 'a@b.cn' },
      { system: 'phone', value: '021-1', use: 'work' },
    ]);
  });

  it('keeps a resident number with a wrong check digit as an unverified identifier', () => {
    const wrong = number.slice(0, 17) + (number[17] === '0' ? '1' : '0');
    const translation = send(adt('A28', `PID|1||P1^^^^MR~${wrong}^^^^NI||张三`));
    expect(rulesOf(translation)).toEqual(['hl7v2.resident-number PID-3[2]']);
    expect(translation.issues[0]!.severity).toBe('warning');
    expect(JSON.stringify(translation.issues)).not.toContain(wrong);
    const unverified = (only(translation, 'Patient').identifier as { system: string; value: string }[])[1]!;
    expect(unverified).toMatchObject({ value: wrong, use: 'temp' });
    expect(unverified.system).not.toBe(systems.residentNumber);
  });

  it('is taken with a warning when birth date or sex differ from those in the resident number', () => {
    const translation = send(adt('A28', `PID|1||P1^^^^MR~${number}^^^^NI||张三||19800103|F`));
    expect(rulesOf(translation)).toEqual([
      'hl7v2.resident-number-disagrees PID-7',
      'hl7v2.resident-number-disagrees PID-8',
    ]);
    expect(only(translation, 'Patient')).toMatchObject({ birthDate: '1980-01-03', gender: 'female' });
  });

  it('may carry the resident number in PID-19', () => {
    const [, second] = only(send(adt('A28', `PID|1||P1^^^^MR||张三||||||||||||||${number}`)), 'Patient').identifier as {
      system: string;
    }[];
    expect(second!.system).toBe(systems.residentNumber);
  });

  it('is held when born in the future, and taken without a birth date that is none', () => {
    const future = send(adt('A28', 'PID|1||P1||张三||20270101'));
    expect(future.issues).toMatchObject([{ severity: 'error', rule: 'hl7v2.birth-date-future', path: 'PID-7' }]);
    const bad = send(adt('A28', 'PID|1||P1||张三||19801301'));
    expect(bad.issues).toMatchObject([{ severity: 'warning', rule: 'hl7v2.bad-date', path: 'PID-7' }]);
    expect(only(bad, 'Patient').birthDate).toBeUndefined();
    expect(paths(bad)).toContain('PID-7');
  });

  it('names what the sender emptied with ""', () => {
    const [fact] = factsOf(send(adt('A31', 'PID|1||P1||张三|||||""|""||""|""')), 'Patient');
    expect(fact!.cleared).toEqual(['address', 'telecom']);
    expect(factsOf(send(adt('A31', 'PID|1||P1||张三||||||||1')), 'Patient')[0]!.cleared).toBeUndefined();
  });

  it('has a mother that is a related person and no identity of the child', () => {
    const translation = send(adt('A28', 'PID|1||P1^^^^MR||张小小||20261001||||||||||||||M1^^^HIS^MR'));
    expect(only(translation, 'RelatedPerson')).toMatchObject({
      relationship: [{ coding: [{ code: 'MTH' }] }],
      identifier: [{ value: 'M1' }],
    });
    expect(only(translation, 'Patient').identifier).toHaveLength(1);
  });

  it('is merged by A40, each pair of it', () => {
    const translation = send(
      adt('A40', 'PID|1||P1^^^HIS^MR||张三\nMRG|P2^^^HIS^MR\nPID|2||P3^^^HIS^MR||李四\nMRG|P4^^^HIS^MR'),
    );
    expect(translation.merges.map(({ survivor, retired }) => [survivor.localId, retired.localId])).toEqual([
      ['P1', 'P2'],
      ['P3', 'P4'],
    ]);
    const [bare] = send(adt('A40', 'PID|1||P1^^^HIS^MR||张三\nMRG|P2')).merges;
    expect(bare!.retired).toEqual({ authority: 'HIS', localId: 'P2' });
    expect(rulesOf(send(adt('A40', 'PID|1||P1||张三')))).toEqual(['hl7v2.required-field-missing MRG-1']);
    const self = send(adt('A40', 'PID|1||P1^^^HIS^MR||张三\nMRG|P1'));
    expect([rulesOf(self), self.merges]).toEqual([['hl7v2.merge-with-self MRG-1'], []]);
  });
});

describe('versions', () => {
  it('of 2.2 and before name the event in EVN', () => {
    expect(send(`MSH|^~\\&|HIS|H|||20261101||ADT|1|P|2.2\nEVN|A31|20261101\n${PID}`).kind).toBe('ADT^A31');
  });

  it('of 2.3 may have the number in PID-2', () => {
    const translation = send('MSH|^~\\&|HIS|H|||20261101||ADT^A31|1|P|2.3\nPID|1|77|||张三');
    expect(rulesOf(translation)).toEqual(['hl7v2.identifier-position PID-3']);
    expect(factsOf(translation, 'Patient')[0]!.person).toEqual({ authority: '', localId: '77' });
  });

  it.each(['2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6', '2.7', '2.7.1', '2.8', '2.8.2'])(
    '%s is read without a word',
    (version) => {
      expect(send(`MSH|^~\\&|HIS|H|||20261101||ADT^A31|1|P|${version}\n${PID}`).issues).toEqual([]);
    },
  );

  it('unknown are read as 2.5 with a warning', () => {
    expect(rulesOf(send(`MSH|^~\\&|HIS|H|||20261101||ADT^A31|1|P|\n${PID}`))).toEqual(['hl7v2.version-assumed MSH-12']);
  });

  it('take the zone of MSH-7 for all times without one', () => {
    const line = 'PV1|1|I|W1|||||||||||||||V1|||||||||||||||||||||||||20261101090000'.replace('|V1', '||V1');
    const zoned = send(`MSH|^~\\&|HIS|H|||20261101100000+0900||ADT^A31|1|P|2.5\n${PID}\n${line}`);
    expect(factsOf(zoned, 'Encounter').at(-1)!.resource.period).toEqual({ start: '2026-11-01T09:00:00+09:00' });
  });
});

describe('what is missing or not supported', () => {
  it.each([
    [`MSH|^~\\&|HIS|H|||20261101||ADT^A01||P|2.5\n${PID}`, 'hl7v2.required-field-missing MSH-10'],
    [`MSH|^~\\&|HIS|H|||20261101|||7|P|2.5\n${PID}`, 'hl7v2.required-field-missing MSH-9'],
    [adt('A31', 'PID|1||||张三'), 'hl7v2.required-field-missing PID-3'],
    [adt('A31', 'EVN|A31'), 'hl7v2.required-segment-missing PID'],
    [adt('A01', PID), 'hl7v2.required-segment-missing PV1'],
    [adt('A99', PID), 'hl7v2.event-not-supported MSH-9'],
    [`${msh('QBP^Q11', '1', '20261101')}\n${PID}`, 'hl7v2.event-not-supported MSH-9'],
    [`MSH|^~\\&|HIS|H|||20261101||ADT^A31|1|P|3.0\n${PID}`, 'hl7v2.version-not-supported MSH-12'],
    [`${msh('ORU^R01', '1', '20261101')}\n${PID}`, 'hl7v2.required-segment-missing OBR'],
  ])('%# is held with its rule and place', (text, expected) => {
    const translation = send(text);
    const errors = translation.issues
      .filter((issue) => issue.severity === 'error')
      .map((issue) => `${issue.rule} ${issue.path}`);
    expect(errors).toContain(expected);
  });

  it('an unsupported message gives no facts', () => {
    expect(send(adt('A99', PID)).facts).toEqual([]);
  });
});

describe('what is not mapped', () => {
  const unmapped = send(
    adt(
      'A31',
      `${PID}|||||||||||||||||||||||||||||X\nZPI|1|某值\nZPI|2\nZXT|""\nPV1|1|I|W1|||||||||||||||V1||||||||||||||||||||||20261101||||||||Z`,
    ),
  ).unmapped;

  it('is counted by path, whole segments by name', () => {
    expect(unmapped).toContainEqual({ path: 'ZPI', count: 2 });
    expect(unmapped).toContainEqual({ path: 'ZXT', count: 1 });
    expect(unmapped).toContainEqual({ path: 'PID-37', count: 1 });
  });

  it('leaves out what was mapped', () => {
    const found = unmapped.map(({ path }) => path);
    for (const path of ['PID-3', 'PID-5', 'PID-7', 'PID-8', 'PV1-2', 'PV1-3', 'PV1-19', 'MSH-9', 'MSH-10'])
      expect(found).not.toContain(path);
  });

  it('includes components that nobody asked for, and coded values of no known code', () => {
    const translation = send(adt('A31', 'PID|1||P1^7^M11||张三|||Q|||路^^^^^^^^^^T1'));
    expect(paths(translation)).toEqual(expect.arrayContaining(['PID-3.2', 'PID-3.3', 'PID-8', 'PID-11.11']));
    expect(rulesOf(translation)).toEqual(['hl7v2.unknown-code PID-8']);
  });

  it('follows from reading: every value is either in the facts or counted', () => {
    // Each field of PID gets a word of its own; the words that are not in the facts must be among the unmapped.
    const fields = Array.from({ length: 39 }, (_, at) => `w${at + 1}w`);
    fields[2] = 'P1';
    const translation = send(adt('A31', `PID|${fields.join('|')}`));
    const facts = JSON.stringify(translation.facts);
    const left = new Set(paths(translation));
    for (const [at, word] of fields.entries()) {
      if (at === 0) continue;
      expect([at + 1, facts.includes(word) || left.has(`PID-${at + 1}`)]).toEqual([at + 1, true]);
    }
  });
});

describe('the time that orders facts', () => {
  const stamp = (lines: string): [string, string[]] => {
    const translation = send(lines);
    return [factsOf(translation, 'Patient')[0]!.stamp, rulesOf(translation)];
  };

  it('is the recorded time of the event, else the time of the message, in UTC', () => {
    expect(stamp(adt('A31', `EVN|A31|20261101095959\n${PID}`))).toEqual(['2026-11-01T01:59:59.000Z', []]);
    expect(stamp(adt('A31', PID))).toEqual(['2026-11-01T02:00:00.000Z', []]);
  });

  it('never lies in the future, and is the time of receipt when the sender gives none', () => {
    expect(stamp(adt('A31', `EVN|A31|20290101\n${PID}`))).toEqual([
      '2026-11-01T02:00:00.000Z',
      ['hl7v2.time-in-future EVN-2'],
    ]);
    expect(stamp(`MSH|^~\\&|HIS|H|||||ADT^A31|1|P|2.5\n${PID}`)).toEqual([RECEIVED, ['hl7v2.time-missing MSH-7']]);
  });
});

describe('hostile input', () => {
  const folder = join(import.meta.dirname, 'fixtures');
  const originals = readdirSync(folder)
    .filter((file) => file.endsWith('.hl7'))
    .map((file) => readFileSync(join(folder, file), 'latin1'));

  const put = fc.constantFrom(
    ...[
      '',
      '|',
      '^',
      '~',
      '&',
      '\\',
      '\r',
      '""',
      '99999999',
      '0',
      '-1',
      '2026',
      'N',
      'D',
      '张三',
      '<5',
      '20261301',
      '  ',
      '__proto__',
      'constructor',
      '\u0000',
      'OBX|1|NM|',
      'urn:x',
      'a b  c',
    ],
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    put,
    component: fc.boolean(),
  });
  const damaged = fc
    .tuple(fc.constantFrom(...originals), fc.array(edit, { minLength: 1, maxLength: 10 }))
    .map(([original, edits]) => {
      let text = original;
      for (const { at, cut, put, component } of edits) {
        const place = Math.floor(at * text.length);
        const from = component ? Math.max(text.lastIndexOf('|', place), text.lastIndexOf('^', place)) + 1 : place;
        const length = component ? Math.max(0, text.slice(from).search(/[|^\r]/)) : cut;
        text = text.slice(0, from) + put + text.slice(from + length);
      }
      return text;
    });

  it('never throws, and what it lets through is valid FHIR, whatever is cut, doubled or swapped in a message', () => {
    const holds = fc.property(damaged, (text) => {
      const decoded = decode(Buffer.from(text, 'utf8'));
      if (!('text' in decoded)) return;
      const message = parse(decoded.text, decoded.charset);
      if (!('segments' in message)) return;
      const translation = translate(message, { institution: 'H', receivedAt: RECEIVED });
      expect(describeMessage(message).kind).toBe(translation.kind);
      const answer = acknowledge(message, { code: 'AE', issues: translation.issues, controlId: '1', at: RECEIVED });
      expect(read(answer).segments[1]!.name).toBe('MSA');
      if (translation.issues.some((issue) => issue.severity === 'error')) return;
      for (const resource of reduce([translation]).values()) {
        const problems = validateResource(resource).filter((issue) => issue.severity === 'error');
        expect(problems).toEqual([]);
      }
    });
    fc.assert(holds, { numRuns: 800 });
  });

  it('takes a message of fifty thousand segments within seconds', () => {
    const lines = Array.from({ length: 49_000 }, (_, at) => `OBX|${at}|NM|X${at}||${at}|||||F|||||D${at}^李^四`);
    const started = performance.now();
    const translation = send(`${msh('ORU^R01', '1', '20261101')}\n${PID}\nOBR|1|1|2|C^C\n${lines.join('\n')}`);
    expect(factsOf(translation, 'Observation')).toHaveLength(49_000);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
