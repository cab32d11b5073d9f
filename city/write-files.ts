import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planCity } from './generate-city.ts';
import { encodeMessage } from './messages/encode.ts';
import { type CityOptions, readOptions } from './options.ts';
import { OutbreakPlan } from './outbreaks/plan.ts';
import { residentAt } from './people/households.ts';
import { occupationAt } from './people/resident.ts';
import { cityInstitutions } from './places/institutions.ts';
import { codeTable } from './places/local-codes.ts';
import { addressText } from './places/streets.ts';
import { ageAt, isoDate, isoTime } from './time.ts';

/** Appends in pieces of a quarter of a megabyte, so that thousands of files need no thousands of handles. */
class Files {
  directory: string;
  waiting = new Map<string, { parts: Buffer[]; size: number }>();

  constructor(directory: string) {
    this.directory = directory;
  }

  add(path: string, bytes: Buffer | string): void {
    const part = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
    const file = this.waiting.get(path) ?? { parts: [], size: 0 };
    file.parts.push(part);
    file.size += part.length;
    this.waiting.set(path, file);
    if (file.size > 262_144) this.flush(path);
  }

  line(path: string, value: unknown): void {
    this.add(path, `${JSON.stringify(value)}\n`);
  }

  flush(path: string): void {
    const file = this.waiting.get(path);
    if (!file) return;
    appendFileSync(join(this.directory, path), Buffer.concat(file.parts));
    this.waiting.delete(path);
  }

  close(): void {
    for (const path of [...this.waiting.keys()]) this.flush(path);
  }
}

/**
 * Writes a city as files: `hl7v2/<institution>.hl7`, `fhir/<institution>.ndjson`, `cda/<institution>/<control id>.xml`, the
 * truth under `labels/`, and `manifest.json`. The directory must be empty or absent. Calls back after every message.
 */
export function writeFiles(
  options: CityOptions,
  directory: string,
  onMessage: (count: number) => void,
): { messages: number; residents: number } {
  const city = readOptions(options);
  for (const folder of ['hl7v2', 'fhir', 'cda', 'labels']) mkdirSync(join(directory, folder), { recursive: true });
  const files = new Files(directory);
  const institutions = cityInstitutions(city);
  writeFileSync(
    join(directory, 'manifest.json'),
    JSON.stringify(
      {
        options: { ...options, until: isoTime(city.now) },
        institutions: institutions.map(({ district: _district, ...rest }) => rest),
      },
      null,
      1,
    ),
  );
  for (const institution of institutions)
    for (const row of codeTable(institution)) files.line('labels/code-tables.ndjson', row);
  writeResidents(city.seed, city.size, city.lastDay, files);
  writeOutbreaks(options, files);
  let messages = 0;
  let block = -1;
  const known = new Set<string>();
  const folders = new Set<string>();
  for (const planned of planCity(city)) {
    const message = encodeMessage(planned, city.seed);
    const { code } = message.institution;
    if (message.protocol === 'fhir')
      files.add(`fhir/${code}.ndjson`, Buffer.concat([message.bytes, Buffer.from('\n')]));
    else if (message.protocol === 'cda') {
      if (!folders.has(code)) mkdirSync(join(directory, 'cda', code), { recursive: true });
      folders.add(code);
      writeFileSync(
        join(directory, 'cda', code, `${message.controlId}${message.truth.duplicate ? '-again' : ''}.xml`),
        message.bytes,
      );
    } else files.add(`hl7v2/${code}.hl7`, Buffer.concat([message.bytes, Buffer.from('\n')]));
    files.line('labels/messages.ndjson', {
      institution: code,
      protocol: message.protocol,
      kind: message.kind,
      controlId: message.controlId,
      at: isoTime(message.at),
      ...message.truth,
    });
    // Registrations of a block of residents do not come back in another: what is known can be forgotten with it.
    const now = Math.floor(message.truth.resident / 5_000);
    if (now !== block) known.clear();
    block = now;
    for (const identity of planned.retired ? [planned.identity, planned.retired] : [planned.identity]) {
      const key = `${code}/${identity.localId}/${identity.name}/${identity.number}`;
      if (known.has(key)) continue;
      known.add(key);
      files.line('labels/identities.ndjson', {
        institution: code,
        localId: identity.localId,
        resident: identity.resident.number,
        name: identity.name,
        number: identity.number,
        birthDate: identity.birthDate,
        phone: identity.phone,
        address: addressText(identity.address),
        dirt: identity.dirt,
      });
    }
    onMessage(++messages);
  }
  files.close();
  return { messages, residents: city.size };
}

function writeResidents(seed: number, size: number, lastDay: number, files: Files): void {
  for (let number = 0; number < size; number++) {
    const { district: _district, address, ...rest } = residentAt(seed, number);
    const age = ageAt(rest.birthDay, lastDay);
    files.line('labels/residents.ndjson', {
      ...rest,
      area: address.area,
      address: addressText(address),
      deathDay: rest.deathDay === null || rest.deathDay > lastDay ? null : isoDate(rest.deathDay),
      born: age >= 0,
      occupation: age >= 0 ? occupationAt(residentAt(seed, number), age).zh : null,
    });
  }
}

/** Every infection, the seen and the unseen: what detection is scored against. */
function writeOutbreaks(options: CityOptions, files: Files): void {
  const city = readOptions(options);
  const plan = new OutbreakPlan(city.seed, city.size, city.outbreaks);
  if (city.outbreaks.length === 0) return;
  for (let number = 0; number < city.size; number++) {
    const resident = residentAt(city.seed, number);
    for (const infection of plan.infectionsOf(resident)) {
      if (infection.onsetDay > city.lastDay || infection.onsetDay < resident.birthDay) continue;
      files.line('labels/outbreaks.ndjson', {
        outbreak: infection.kind,
        resident: number,
        area: resident.address.area,
        onset: isoDate(infection.onsetDay),
        seeks: infection.seeks,
        confirmed: infection.confirmed,
        severe: infection.severe,
        generation: infection.generation,
        source: infection.source,
      });
    }
  }
}
