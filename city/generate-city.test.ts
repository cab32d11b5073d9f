import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { demoResidents } from './demo-residents.ts';
import { feverCase } from './fever-case.ts';
import { generateCity } from './generate-city.ts';
import type { CityMessage } from './messages/message.ts';
import type { CityOptions } from './options.ts';
import { dayOf, parseDay } from './time.ts';

const DEMO: CityOptions = {
  seed: 1,
  size: 1_000,
  days: 90,
  until: '2026-11-23',
  outbreaks: ['influenza', 'norovirus', 'measles', 'pneumonia'],
};

async function all(options: CityOptions): Promise<CityMessage[]> {
  const messages: CityMessage[] = [];
  for await (const message of generateCity(options)) messages.push(message);
  return messages;
}

function fingerprint(messages: readonly CityMessage[]): string {
  const hash = createHash('sha256');
  for (const message of messages)
    hash.update(`${message.institution.code}|${message.at}|${JSON.stringify(message.truth)}|`).update(message.bytes);
  return hash.digest('hex');
}

const identity = (message: CityMessage): string =>
  `${message.institution.code}|${message.controlId}|${message.at}|${createHash('sha1').update(message.bytes).digest('hex')}`;

describe('the city', () => {
  it('is the same to the byte for the same options, and another for another seed', async () => {
    const options = { ...DEMO, size: 300, days: 30 };
    const [once, again, other] = [await all(options), await all(options), await all({ ...options, seed: 2 })];
    expect(fingerprint(again)).toBe(fingerprint(once));
    expect(fingerprint(other)).not.toBe(fingerprint(once));
  });

  it('tells a month in the same words within a longer history', async () => {
    const short = await all({ ...DEMO, size: 300, days: 20, outbreaks: [] });
    const long = new Set((await all({ ...DEMO, size: 300, days: 60, outbreaks: [] })).map(identity));
    expect(short.length).toBeGreaterThan(200);
    // Stays that began before the short history are only in the long one, never the other way round.
    expect(short.filter((message) => !long.has(identity(message)))).toEqual([]);
  });

  it('comes in order of time and never from after its present', async () => {
    const messages = await all({ ...DEMO, until: '2026-11-23T15:00:00+08:00' });
    const now = Date.parse('2026-11-23T15:00:00+08:00');
    expect(
      messages.every((message, index) => message.at <= now && (index === 0 || messages[index - 1]!.at <= message.at)),
    ).toBe(true);
    expect(messages.some((message) => dayOf(message.at) === parseDay('2026-11-23'))).toBe(true);
  });

  it('has a first run of five to nine thousand messages in every protocol and kind', async () => {
    const messages = await all(DEMO);
    expect(messages.length).toBeGreaterThan(5_000);
    expect(messages.length).toBeLessThan(9_000);
    const kinds = new Set(messages.map((message) => message.kind));
    for (const kind of [
      'ADT^A01',
      'ADT^A03',
      'ADT^A04',
      'ADT^A08',
      'ADT^A28',
      'ADT^A31',
      'ADT^A40',
      'ORU^R01',
      'ORM^O01',
      'OML^O21',
      'MDM^T02',
      'SIU^S12',
      'VXU^V04',
      'RDE^O11',
      'bundle:visit',
      'bundle:results',
      'bundle:imaging',
      'C0002',
      'C0006',
      'C0007',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  it('rests on Sundays and holidays, its emergency rooms do not', async () => {
    const messages = await all({ ...DEMO, size: 2_000, outbreaks: [], dirt: 0 });
    const visits = messages.filter((message) => message.kind === 'ADT^A04');
    const perDay = Array.from(
      { length: 7 },
      (_, day) => visits.filter((message) => (dayOf(message.at) + 3) % 7 === day).length,
    );
    expect(perDay[6]!).toBeLessThan(perDay[0]! * 0.5);
    expect(perDay[6]!).toBeGreaterThan(0);
    const week = visits.filter(
      (message) => dayOf(message.at) >= parseDay('2026-10-01') && dayOf(message.at) <= parseDay('2026-10-07'),
    );
    expect(week.length / 7).toBeLessThan(visits.length / 90 / 2);
  });

  it('shows residents with rich records at several hospitals', () => {
    const shown = demoResidents(DEMO);
    expect(shown.length).toBeGreaterThanOrEqual(7);
    expect(
      shown.filter((one) => one.visits + one.reports >= 10 && one.institutions >= 3).length,
    ).toBeGreaterThanOrEqual(3);
  });

  it('streams a hundred thousand residents in bounded memory', async () => {
    let messages = 0;
    let peak = 0;
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for await (const message of generateCity({ ...DEMO, size: 100_000, days: 2 })) {
      messages++;
      if (messages % 500 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
      expect(message.bytes.length).toBeGreaterThan(100);
    }
    expect(messages).toBeGreaterThan(8_000);
    expect((peak - before) / 1_048_576).toBeLessThan(250);
  });

  it('refuses options that make no sense', async () => {
    await expect(all({ ...DEMO, size: 0 })).rejects.toThrow(/size/);
    await expect(all({ ...DEMO, dirt: 2 })).rejects.toThrow(/dirt/);
    await expect(all({ ...DEMO, until: 'tomorrow' })).rejects.toThrow(/until/);
    await expect(all({ ...DEMO, outbreaks: ['plague' as 'measles'] })).rejects.toThrow(/plague/);
  });
});

describe('a fever case', () => {
  it('is a registration and reports with influenza A positive, all before its moment', () => {
    const at = '2026-11-23T10:00:00+08:00';
    const messages = feverCase({ at });
    expect(messages.map((message) => message.kind)).toEqual(['ADT^A04', 'ORU^R01', 'ORU^R01']);
    expect(messages.every((message) => message.protocol === 'hl7v2-mllp')).toBe(true);
    expect(messages[2]!.bytes.toString('latin1')).toMatch(/OBX\|1\|ST\|[^|]*\|\|[^|]+\|[^|]*\|[^|]*\|A\|/);
    expect(fingerprint(feverCase({ at }))).toBe(fingerprint(messages));
    expect(feverCase({ at: '2026-11-23T10:00:01+08:00' })[0]!.controlId).not.toBe(messages[0]!.controlId);
  });
});
