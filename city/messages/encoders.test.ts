import { SaxesParser } from 'saxes';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateCity } from '../generate-city.ts';
import type { CityMessage } from './message.ts';

const messages: CityMessage[] = [];
const text = (message: CityMessage): string =>
  new TextDecoder(message.institution.quirks.charset === 'UTF-8' ? 'utf-8' : 'gb18030', { fatal: true }).decode(
    message.bytes,
  );

beforeAll(async () => {
  for await (const message of generateCity({
    seed: 3,
    size: 1_500,
    days: 45,
    until: '2026-11-23',
    outbreaks: ['influenza', 'measles'],
  }))
    messages.push(message);
});

const of = (...protocols: string[]): CityMessage[] =>
  messages.filter((message) => protocols.includes(message.protocol) && message.truth.broken === null);

describe('HL7 v2 messages', () => {
  it('have a header that names sender, kind, control id, version and charset', () => {
    for (const message of of('hl7v2-mllp', 'hl7v2-http')) {
      const [msh] = text(message).split('\r') as [string];
      const fields = msh.split('|');
      expect(fields[1]).toBe('^~\\&');
      expect(Object.values(message.institution.applications)).toContain(fields[2]);
      expect(fields[3]).toBe(message.institution.code);
      expect(fields[8]!.split('^').slice(0, 2).join('^')).toBe(message.kind);
      expect(fields[9]).toBe(message.controlId);
      // MSH-10 has 20 places until 2.5.1.
      expect(message.controlId.length).toBeLessThanOrEqual(20);
      expect(fields[11]).toBe(message.institution.quirks.version);
      expect(['UNICODE UTF-8', 'GB 18030-2000', 'GBK']).toContain(fields[17]);
    }
  });

  it('have only segments of three characters, a PID with the local number, and no delimiter left bare in a text', () => {
    for (const message of of('hl7v2-mllp', 'hl7v2-http')) {
      const lines = text(message).split('\r').slice(0, -1);
      expect(lines.every((line) => /^[A-Z][A-Z0-9]{2}\|/.test(line))).toBe(true);
      const pid = lines.find((line) => line.startsWith('PID'))!.split('|');
      expect(pid[3]).toContain(message.truth.localId);
      for (const line of lines.filter((one) => one.startsWith('OBX')))
        expect(line.split('|').length).toBeLessThanOrEqual(20);
    }
  });

  it('print numbers in OBX-5 that agree with the flag and the range', () => {
    let checked = 0;
    for (const message of of('hl7v2-mllp').filter((one) => one.kind === 'ORU^R01')) {
      for (const line of text(message)
        .split('\r')
        .filter((one) => one.startsWith('OBX'))) {
        const fields = line.split('|');
        const range = /^([\d.]+)-([\d.]+)$/.exec(fields[7] ?? '');
        if (fields[2] !== 'NM' || !range) continue;
        const value = Number(fields[5]);
        const expected = value > Number(range[2]) ? /^HH?$/ : value < Number(range[1]) ? /^LL?$/ : /^N?$/;
        expect(fields[8]).toMatch(expected);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(1_000);
  });

  it('have a control id of their own unless they are duplicates, which are the same bytes', () => {
    const seen = new Map<string, CityMessage>();
    for (const message of messages) {
      const key = `${message.institution.code}|${message.controlId}`;
      const first = seen.get(key);
      if (first) expect(first.bytes.equals(message.bytes)).toBe(true);
      if (first) expect(message.truth.duplicate || first.truth.duplicate).toBe(true);
      seen.set(key, message);
    }
  });
});

describe('FHIR bundles', () => {
  type Entry = {
    fullUrl: string;
    resource: { resourceType: string; id?: string; identifier?: { system: string; value: string }[] };
    request: { method: string; url: string; ifNoneExist?: string };
  };

  it('are transactions whose references lead inside the bundle, with an identifier on every resource', () => {
    expect(of('fhir').length).toBeGreaterThan(300);
    for (const message of of('fhir')) {
      const bundle = JSON.parse(message.bytes.toString('utf8')) as {
        type: string;
        entry: Entry[];
        identifier: { value: string };
      };
      expect(bundle.type).toBe('transaction');
      expect(bundle.identifier.value).toBe(message.controlId);
      const urls = new Set(bundle.entry.map((entry) => entry.fullUrl));
      expect(urls.size).toBe(bundle.entry.length);
      for (const [, reference] of message.bytes.toString('utf8').matchAll(/"reference":"([^"]+)"/g))
        expect(urls).toContain(reference);
      for (const { resource, request, fullUrl } of bundle.entry) {
        expect(fullUrl).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(resource.identifier?.[0]?.value).toBeTruthy();
        if (request.method === 'PUT' && resource.id) expect(resource.id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/);
      }
      const { ifNoneExist, url } = bundle.entry[0]!.request;
      expect(ifNoneExist ?? url).toContain('identifier=');
    }
  });
});

describe('shared documents', () => {
  it('are well-formed CDA with the template of their kind', () => {
    const templates: Record<string, string> = {
      C0002: '2.16.156.10011.2.1.1.22',
      C0006: '2.16.156.10011.2.1.1.26',
      C0007: '2.16.156.10011.2.1.1.27',
    };
    expect(of('cda').length).toBeGreaterThan(200);
    for (const message of of('cda')) {
      const xml = message.bytes.toString('utf8');
      const problems: string[] = [];
      const open: string[] = [];
      const parser = new SaxesParser({ xmlns: true });
      parser.on('error', (error) => problems.push(error.message));
      parser.on('opentag', (tag) => open.push(tag.name));
      parser.write(xml).close();
      expect(problems).toEqual([]);
      expect(open[0]).toBe('ClinicalDocument');
      expect(xml).toContain(`<templateId root="${templates[message.kind]}"/>`);
      expect(xml).toContain(`extension="${message.truth.localId}"`);
    }
  });
});
