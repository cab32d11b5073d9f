import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact, Resource, Translation } from '../fact.ts';
import { type Document, parseDocument, translate } from './index.ts';

export const fixtureNames = [
  'c0002-outpatient',
  'c0004-prescription',
  'c0006-examination',
  'c0007-laboratory',
  'c0007-laboratory-gb18030',
  'c0053-discharge',
  'plain-outpatient',
  'plain-examination',
  'plain-laboratory',
] as const;
export type FixtureName = (typeof fixtureNames)[number];

export const options = { institution: 'H500999001', receivedAt: '2026-03-10T00:00:00.000Z' };

export const fixtureBytes = (name: FixtureName): Buffer =>
  readFileSync(join(import.meta.dirname, 'fixtures', `${name}.xml`));

export function parsed(bytes: Buffer | string): Document {
  const document = parseDocument(Buffer.from(bytes as string));
  if (Array.isArray(document)) throw new Error(JSON.stringify(document));
  return document;
}

export const translated = (name: FixtureName): Translation => translate(parsed(fixtureBytes(name)), options);

export function only(translation: Translation, type: string): Fact[] {
  return translation.facts.filter(({ resource }) => resource.resourceType === type);
}

/** Facts as resources that refer to each other by id, as the store hands them out. */
export function asResources(facts: readonly Fact[]): Resource[] {
  const ids = new Map(
    facts.map(({ key, resource }, index) => [
      `key:${resource.resourceType}|${key}`,
      `${resource.resourceType}/f${index}`,
    ]),
  );
  const text = JSON.stringify(facts.map(({ resource }, index) => ({ ...resource, id: `f${index}` })));
  return JSON.parse(text, (name, value) =>
    name === 'reference' && typeof value === 'string' ? (ids.get(value) ?? value) : value,
  ) as Resource[];
}
