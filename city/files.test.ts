import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateCity } from './generate-city.ts';
import type { CityOptions } from './options.ts';
import { residentAt } from './people/households.ts';
import { readManifest, readMessages, splitHl7 } from './read-files.ts';
import { writeFiles } from './write-files.ts';

const OPTIONS: CityOptions = {
  seed: 5,
  size: 400,
  days: 30,
  until: '2026-11-23',
  dirt: 0.5,
  outbreaks: ['influenza', 'norovirus'],
};
const directory = join(mkdtempSync(join(tmpdir(), 'city-')), 'out');
const lines = (name: string): Record<string, unknown>[] =>
  readFileSync(join(directory, 'labels', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
let written = { messages: 0, residents: 0 };

beforeAll(() => {
  written = writeFiles(OPTIONS, directory, () => {});
});

describe('a city in files', () => {
  it('gives back every message of each institution, byte for byte', async () => {
    const direct = new Map<string, Set<string>>();
    let count = 0;
    for await (const message of generateCity(OPTIONS)) {
      count++;
      const { code } = message.institution;
      direct.set(code, (direct.get(code) ?? new Set()).add(message.bytes.toString('base64')));
    }
    expect(written.messages).toBe(count);
    const seen = new Map<string, Set<string>>();
    for await (const message of readMessages(directory)) {
      const { code } = message.institution;
      seen.set(code, (seen.get(code) ?? new Set()).add(message.bytes.toString('base64')));
      expect(message.controlId).not.toBe('');
    }
    expect(new Map([...seen].sort())).toEqual(new Map([...direct].sort()));
    expect(readManifest(directory).options.seed).toBe(5);
  });

  it('labels every message and every registration with the resident behind it', () => {
    const messages = lines('messages.ndjson');
    expect(messages).toHaveLength(written.messages);
    const identities = new Map(lines('identities.ndjson').map((row) => [`${row.institution}/${row.localId}`, row]));
    for (const message of messages)
      expect(identities.get(`${message.institution}/${message.localId}`)?.resident).toBe(message.resident);
    for (const row of identities.values()) {
      const dirt = row.dirt as string[];
      const truth = residentAt(5, row.resident as number);
      if (dirt.length === 0)
        expect([row.name, row.number, row.birthDate]).toEqual([truth.name, truth.idNumber, truth.birthDate]);
    }
    expect(lines('residents.ndjson')).toHaveLength(400);
  });

  it('labels infections, the unseen ones too', () => {
    const infections = lines('outbreaks.ndjson');
    expect(new Set(infections.map((row) => row.outbreak))).toEqual(new Set(['influenza', 'norovirus']));
    expect(new Set(infections.map((row) => row.seeks))).toEqual(new Set([true, false]));
  });

  it('has local code tables with their true map', () => {
    expect(existsSync(join(directory, 'labels', 'code-tables.ndjson'))).toBe(true);
    expect(lines('code-tables.ndjson').filter((row) => row.kind === 'laboratory').length).toBeGreaterThan(1_000);
  });

  it('splits HL7 v2 files at messages and nowhere else', () => {
    const parts = splitHl7(Buffer.from('MSH|^~\\&|A\rPID|1\r\nMSH|^~\\&|B\rNTE|1||MSH|x\r\n'));
    expect(parts.map((part) => part.toString())).toEqual(['MSH|^~\\&|A\rPID|1\r', 'MSH|^~\\&|B\rNTE|1||MSH|x\r']);
  });
});
