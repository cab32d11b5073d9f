import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ResourceType } from '../resource-types.ts';
import { parseSearch } from './parse-search.ts';

function refused(type: ResourceType | undefined, text: string): string {
  const outcome = parseSearch(type, text);
  return outcome.ok ? 'accepted' : outcome.issues.map((i) => i.diagnostics).join(' | ');
}

test.each<[ResourceType, string, string]>([
  ['Patient', 'nam=x', 'Unknown search parameter "nam" for Patient. Did you mean "name"?'],
  ['Patient', 'brithdate=2000', 'Did you mean "birthdate"?'],
  ['Patient', '_cuont=3', 'Unknown search parameter "_cuont" for Patient. Did you mean "_count"?'],
  ['Patient', 'subject=1', 'Unknown search parameter "subject" for Patient.'],
  ['Patient', 'Name=x', 'Did you mean "name"?'],
  [
    'Patient',
    'name:exakt=x',
    'Modifier ":exakt" of "name:exakt" is not supported for string parameters. Did you mean ":exact"?',
  ],
  [
    'Patient',
    'birthdate:contains=2000',
    'Modifier ":contains" of "birthdate:contains" is not supported for date parameters.',
  ],
  ['Patient', 'birthdate=xx2000', 'Parameter "birthdate": there is no prefix "xx".'],
  ['Patient', 'birthdate=2000-13', 'Parameter "birthdate": "2000-13" is not a date'],
  ['Patient', 'name=', 'Parameter "name": "" is not a value.'],
  ['Patient', 'name=a,,b', 'is not a value.'],
  ['Patient', 'gender=a|b|c', 'is not of the form system|code.'],
  ['Patient', 'name:missing=maybe', 'is not true or false.'],
  ['Observation', 'value-quantity=5.4|mg', 'number||unit'],
  ['Observation', 'value-quantity=abc', 'is not a number.'],
  ['Observation', 'subject:Organization=1', 'subject never refers to Organization'],
  ['Observation', 'subject:Patient=Group/1', 'asks for Patient but names a Group'],
  ['Observation', 'subject=Patiant/1', 'Did you mean "Patient"?'],
  ['Observation', 'subject.nmae=x', '"subject.nmae": none of'],
  [
    'Observation',
    'patient.nmae=x',
    'Unknown search parameter "nmae" for Patient (in "patient.nmae"). Did you mean "name"?',
  ],
  ['Observation', 'code.x=1', 'code of Observation is not a reference'],
  ['Observation', 'code-value-quantity=1', 'is not of the form code$value-quantity.'],
  ['Observation', 'code-value-quantity:exact=1$2', 'Modifier ":exact"'],
  ['Patient', '_has:Observation:subjec:code=1', 'Did you mean "subject"?'],
  ['Patient', '_has:Observation:encounter:code=1', 'encounter of Observation never refers to Patient'],
  ['Patient', '_has:Observation:patient=1', 'is not of the form _has:Type:reference:parameter'],
  ['Patient', '_include=Patient:name', 'name of Patient is not a reference'],
  ['Patient', '_include=Patient:organisation', 'Did you mean "organization"?'],
  ['Patient', '_include=Observation:subject', 'should it be "_include:iterate"?'],
  ['Patient', '_include:recurse=Patient:link', 'there is ":iterate"'],
  ['Patient', '_revinclude=Observation:encounter', 'adds nothing to a search for Patient'],
  ['Patient', '_sort=nam', 'Did you mean "name"?'],
  ['Observation', '_sort=code-value-quantity', 'Cannot sort by "code-value-quantity"'],
  ['Patient', '_count=-1', 'is not a whole number.'],
  ['Patient', '_count=1&_count=2', 'given more than once'],
  ['Patient', '_total=yes', 'is not one of none, estimate, accurate.'],
  ['Patient', '_elements=nmae', 'Patient has no element "nmae" (_elements). Did you mean "name"?'],
  ['Patient', '_contained=true', 'is not one of false.'],
  ['Patient', '_query=x', 'Unknown search parameter "_query"'],
  ['Patient', '_type=Patient', 'Unknown search parameter "_type"'],
  ['Location', 'near=91|0', 'latitude|longitude'],
  ['Location', 'near=1|2|3|furlong', 'latitude|longitude'],
  ['Patient', 'constructor=1', 'Unknown search parameter "constructor"'],
  ['Patient', '__proto__=1', 'Unknown search parameter "__proto__"'],
])('%s?%s is refused by name', (type, text, expected) => {
  expect(refused(type, text)).toContain(expected);
});

test('every mistake of a search is reported, not only the first', () => {
  expect(parseSearch('Patient', 'nam=x&gender:foo=1&birthdate=bad')).toMatchObject({
    ok: false,
    issues: [{ expression: 'nam' }, { expression: 'gender:foo' }, { expression: 'birthdate' }],
  });
});

test('a search of a hundred thousand parameters is refused at once', () => {
  expect(refused('Patient', 'nmae=x&'.repeat(100_000))).toContain('may have 200 parameters');
});

test('a chain that fans out without end is refused, not followed', () => {
  const chain = `${'focus.'.repeat(30)}_id=1`;
  expect(refused('Observation', chain)).toContain('too many types');
  expect(refused('Observation', `${'subject:Patient.link:Patient.'.repeat(2000)}name=x`)).not.toBe('accepted');
  expect(refused('Patient', `${'_has:Observation:subject:'.repeat(3000)}code=x`)).not.toBe('accepted');
});

test('no query string whatever makes the parser throw, and none is silently dropped', () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'name',
      'gender',
      '_has:Observation:patient:code',
      'general-practitioner.name',
      '_sort',
      '_include',
      '_filter',
      'birthdate',
    ),
  );
  const modifier = fc.oneof(
    fc.constant(''),
    fc.constantFrom(':not', ':in', ':missing', ':Patient', ':', '::', '.'),
    fc.string(),
  );
  const value = fc.oneof(fc.string(), fc.constantFrom('|', '\\', '$', ',', 'ge2020', '5||', '*', '-', 'Patient:link'));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, modifier, value), { minLength: 1, maxLength: 4 }), (parts) => {
      const outcome = parseSearch('Patient', new URLSearchParams(parts.map(([k, m, v]) => [k + m, v])));
      if (!outcome.ok) {
        expect(
          outcome.issues.every((i) => (i.diagnostics.length < 1500 && i.zh.endsWith('。')) || i.zh.endsWith('？')),
        ).toBe(true);
        return;
      }
      const q = outcome.query;
      const heard =
        q.filters.length + q.includes.length + q.revincludes.length + q.sort.length + Object.keys(q.own).length;
      expect(
        heard + (q.count === undefined ? 0 : 1) + (q.total ? 1 : 0) + (q.summary ? 1 : 0) + (q.elements ? 1 : 0),
      ).toBeGreaterThan(0);
    }),
    { numRuns: 1500 },
  );
});
