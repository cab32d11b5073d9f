import { maskName, maskNumber } from '@hutong/china';
import type { Identity, SourceRow } from '../../core/identity/index.ts';
import { ageOn } from './decide.ts';

/** A person as the codes need them: the newest thing any institution has said. */
export type Person = {
  resident: bigint;
  subject: bigint;
  subjects: bigint[];
  sources: SourceRow[];
  name: string;
  sex: string;
  birthDate: string | null;
  number: string | null;
  age: number | null;
  deceased: boolean;
};

/** Asia/Shanghai day of an instant. */
export const dayOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

export async function personOf(identity: Identity, subject: bigint, now: number): Promise<Person | null> {
  return personIn(await identity.sourcesBeside(subject), now, subject);
}

export async function personOfResident(identity: Identity, resident: bigint, now: number): Promise<Person | null> {
  return personIn(await identity.sources(resident), now);
}

function personIn(sources: SourceRow[], now: number, subject?: bigint): Person | null {
  const [first] = sources;
  if (!first) return null;
  const newest = <K extends keyof SourceRow>(field: K): SourceRow[K] | null =>
    sources.find((source) => source[field] !== null)?.[field] ?? null;
  const birthDate = newest('birthDate');
  return {
    resident: first.resident,
    // Without a code of their own (a number, a hospital card) the oldest identity stands for the person, so that it stays the same.
    subject: subject ?? sources.reduce((oldest, source) => (source.id < oldest.id ? source : oldest)).id,
    subjects: sources.map(({ id }) => id),
    sources,
    name: newest('name') ?? '',
    sex: newest('sex') ?? 'unknown',
    birthDate,
    number: newest('number'),
    age: ageOn(birthDate, dayOf(now)),
    deceased: newest('deceased') !== null,
  };
}

export const maskedName = (person: Person): string => maskName(person.name);
export const maskedNumber = (number: string | null): string => (number ? maskNumber(number) : '');
export const ageText = (age: number | null): string => (age === null ? '' : String(Math.max(0, age)));
