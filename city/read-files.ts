import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CityMessage } from './messages/message.ts';
import { districtOf } from './places/districts.ts';
import type { Institution } from './places/institutions.ts';

const UNKNOWN = {
  resident: -1,
  localId: '',
  visit: '',
  dirt: [],
  broken: null,
  duplicate: false,
  outbreak: null,
} as const;

export function readManifest(directory: string): {
  options: { seed?: number; size?: number; until: string };
  institutions: Institution[];
} {
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as {
    options: { until: string };
    institutions: Institution[];
  };
  return {
    ...manifest,
    institutions: manifest.institutions.map((institution) => ({
      ...institution,
      district: districtOf(institution.area),
    })),
  };
}

/** Messages of a directory that `generate` wrote, institution by institution, each in the order of its file. */
export async function* readMessages(directory: string): AsyncGenerator<CityMessage> {
  const manifest = readManifest(directory);
  for (const institution of manifest.institutions) {
    for (const { bytes, controlId } of filesOf(directory, institution)) {
      yield {
        institution,
        protocol: institution.protocol,
        at: 0,
        bytes,
        controlId,
        kind: institution.protocol,
        truth: UNKNOWN,
      };
    }
  }
}

function* filesOf(directory: string, { code, protocol }: Institution): Generator<{ bytes: Buffer; controlId: string }> {
  if (protocol === 'fhir') {
    const file = join(directory, 'fhir', `${code}.ndjson`);
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line !== '')
        yield {
          bytes: Buffer.from(line, 'utf8'),
          controlId: /"identifier":\{[^}]*"value":"([^"]+)"/.exec(line)?.[1] ?? '',
        };
    }
  } else if (protocol === 'cda') {
    const folder = join(directory, 'cda', code);
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder).sort())
      yield { bytes: readFileSync(join(folder, name)), controlId: name.replace(/\.xml$/, '') };
  } else {
    const file = join(directory, 'hl7v2', `${code}.hl7`);
    if (!existsSync(file)) return;
    for (const bytes of splitHl7(readFileSync(file)))
      yield { bytes, controlId: bytes.toString('latin1').split('\r', 1)[0]!.split('|')[9] ?? '' };
  }
}

/** Splits at line feeds before `MSH|`: a line feed is never the second byte of a character in GBK, GB18030 or UTF-8. */
export function splitHl7(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  let from = 0;
  while (from < bytes.length) {
    const next = bytes.indexOf('\nMSH|', from);
    const end = next < 0 ? bytes.length : next;
    messages.push(bytes.subarray(from, end > from && bytes[end - 1] === 0x0a ? end - 1 : end));
    from = next < 0 ? bytes.length : next + 1;
  }
  return messages;
}
