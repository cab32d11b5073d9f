import { describe, expect, it } from 'vitest';
import { layOut } from './lay-out.ts';
import type { Line } from './line.ts';

const textOf = (line: Line | undefined): string => (line?.pieces ?? []).map((piece) => piece.text).join('');
const marked = (lines: Line[], place: { line: number; at: string | null } | null): string | undefined =>
  lines[place?.line ?? -1]?.pieces.find((piece) => piece.at === place?.at)?.text;

describe('an HL7 v2 message', () => {
  const raw =
    'MSH|^~\\&|LIS|H1|HT|CQ|20261123||ORU^R01|M1|P|2.5\rPID|1||L123^^^H1^MR||李^明\rOBX|1|NM|718-7||150|g/L\rOBX|2|NM|6690-2||x|10*9/L\r';
  const { lines, place } = layOut(raw, 'hl7v2-mllp');

  it('is one segment a line and loses no character', () => {
    expect(lines).toHaveLength(4);
    expect(lines.map(textOf).join('\r')).toBe(raw.slice(0, -1));
  });

  it('finds fields by path, the n-th segment included', () => {
    expect(marked(lines, place('PID-3[1].1'))).toBe('L123^^^H1^MR');
    expect(place('OBX[2]-5')).toEqual({ line: 3, at: 'OBX[2]-5' });
  });

  it('counts MSH-1 as the separator, so that MSH-10 is the control id', () => {
    expect(marked(lines, place('MSH-10'))).toBe('M1');
  });

  it('points at the segment when the field is empty, and nowhere when the segment is missing', () => {
    expect(place('PID-8')).toEqual({ line: 1, at: null });
    expect(place('PV1-2')).toBeNull();
  });
});

describe('a FHIR bundle', () => {
  const raw =
    '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","valueQuantity":{"value":1.00,"unit":"a\\"b,{"}}},{"resource":{"gender":"x","name":[]}}]}';
  const { form, lines, place } = layOut(raw, 'fhir');

  it('keeps 1.00 as 1.00 and marks inside texts as texts', () => {
    expect(form).toBe('json');
    expect(
      lines
        .map(textOf)
        .map((line) => line.trim())
        .join('')
        .replaceAll(': ', ':'),
    ).toBe(raw);
  });

  it('finds a value by its FHIRPath, with or without the type in front', () => {
    expect(textOf(lines[place('Bundle.entry[1].resource.gender')!.line]).trim()).toBe('"gender": "x",');
    expect(place('entry[0].resource.valueQuantity.value')).toEqual(
      place('Bundle.entry[0].resource.valueQuantity.value'),
    );
  });

  it('points at the nearest element above what is missing', () => {
    const missing = place('Bundle.entry[0].resource.code.coding[0].code');
    expect(textOf(lines[missing!.line]).trim()).toBe('"resource": {');
    expect(lines[missing!.line]!.at).toBe('entry[0].resource');
  });

  it('shows a truncated text as it came', () => {
    expect(layOut('{"a": [1, 2', 'fhir').form).toBe('text');
    expect(layOut('{"a": 1]', 'fhir').form).toBe('text');
  });
});

describe('a Chinese shared document', () => {
  const raw =
    '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><id root="1.3" extension=""/><id root=\'1.11\'/><patient><name>李明</name></patient></patientRole></recordTarget></ClinicalDocument>';
  const { form, lines, place } = layOut(raw, 'cda');

  it('stands one element a line, with short text beside its tags', () => {
    expect(form).toBe('xml');
    expect(lines.map(textOf).map((line) => line.trim())).toContain('<name>李明</name>');
  });

  it('finds the second of two elements and its attribute', () => {
    expect(marked(lines, place('/ClinicalDocument/recordTarget/patientRole/id[2]/@root'))).toBe("'1.11'");
  });

  it('ignores prefixes and falls back to the parent of what is missing', () => {
    expect(lines[place('/cda:ClinicalDocument/cda:recordTarget/cda:patientRole/cda:telecom')!.line]!.at).toBe(
      '/ClinicalDocument[1]/recordTarget[1]/patientRole[1]',
    );
  });

  it('shows unpaired tags as they came, and an entity bomb as text', () => {
    expect(layOut('<a><b></a></b></a>', 'cda').form).toBe('text');
    expect(layOut('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'cda').lines.map(textOf).join('')).toContain('&x;');
  });
});

it('places an issue of a table by its row', () => {
  expect(layOut('a,b\n1,2\n3,x', 'files').place('row 3, column b')).toEqual({ line: 2, at: null });
});
