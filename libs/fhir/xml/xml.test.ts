import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { validateResource } from '../validate/validate-resource.ts';
import { fromXml } from './from-xml.ts';
import { toXml } from './to-xml.ts';

test('every published example that is valid comes back from XML as it went', () => {
  const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
  let asked = 0;
  for (const name of readdirSync(folder)) {
    if (!/^[A-Z].*\.json$/.test(name)) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    const resource = JSON.parse(text) as object;
    if (validateResource(resource).some(({ severity }) => severity === 'error')) continue;
    const back = fromXml(toXml(text));
    if (!back.ok) throw new Error(`${name} ${back.at}: ${back.en}`);
    expect(JSON.parse(back.json), name).toEqual(resource);
    asked++;
  }
  expect(asked).toBeGreaterThan(5200);
});

test('digits, what primitives have beside them, and what XML needs to escape, are kept', () => {
  const text =
    '{"resourceType":"Observation","id":"a","status":"final","_status":{"id":"s"},"code":{"text":"<&>\\"\\n\'"},"valueQuantity":{"value":1.50},"note":[{"text":"x"}]}';
  const xml = toXml(text);
  expect(xml).toContain('<value value="1.50"/>');
  expect(xml).toContain('<status id="s" value="final"/>');
  const back = fromXml(xml);
  expect(back.ok && back.json).toContain('"value":1.50');
  expect(back.ok && JSON.parse(back.json)).toEqual(JSON.parse(text));
  const names = '{"resourceType":"Patient","name":[{"given":["a",null,"c"],"_given":[null,{"id":"x"},null]}]}';
  expect(toXml(names)).toContain('<given value="a"/><given id="x"/><given value="c"/>');
});

test.each([
  ['<Patient xmlns="http://hl7.org/fhir"><nmae/></Patient>', 'Patient.nmae'],
  ['<Patient xmlns="http://hl7.org/fhir"><gender value="male"/><gender value="female"/></Patient>', 'Patient.gender'],
  ['<Patient xmlns="http://hl7.org/fhir"><gender valeu="male"/></Patient>', 'Patient.gender'],
  ['<Patient xmlns="http://hl7.org/fhir">text</Patient>', 'Patient'],
  ['<Foo xmlns="http://hl7.org/fhir"/>', 'Foo'],
  ['<Patient/>', ''],
  ['<Patient xmlns="http://hl7.org/fhir">', ''],
  ['<!DOCTYPE x [<!ENTITY e "e">]><Patient xmlns="http://hl7.org/fhir"/>', ''],
  ['', ''],
])('%s is refused at its place', (xml, at) => {
  expect(fromXml(xml)).toMatchObject({ ok: false, at });
});
