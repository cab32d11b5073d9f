import { system } from './population.ts';
import type { Answer, Connection, Target } from './wire.ts';

export type Resource = { resourceType: string; id: string; [element: string]: unknown };
// biome-ignore lint/suspicious/noExplicitAny: a resource of any server, taken apart by path
type Loose = any;

export type Live = {
  people: number;
  patients: { id: string; number: string; family: string; given: string; birthDate: string }[];
  /** Every resource that was seen, whole: what is read, and what updates start from. */
  resources: Resource[];
  encounters: string[];
  practitioners: string[];
  codes: { measurement: string[]; disease: string[]; drug: string[] };
};

export const resourcesIn = ({ body }: Answer): Resource[] =>
  ((JSON.parse(body.toString()) as { entry?: { resource?: Resource }[] }).entry ?? []).flatMap(({ resource }) =>
    resource?.id ? [resource] : [],
  );

async function ask(connection: Connection, path: string): Promise<Answer> {
  const answer = await connection.send('GET', path);
  if (answer.status !== 200) throw new Error(`${answer.status} for GET ${path.split('?')[0]}`);
  return answer;
}

export async function countOf(connection: Connection, type: string): Promise<number> {
  const answer = await ask(connection, `/${type}?_summary=count`);
  return (JSON.parse(answer.body.toString()) as { total?: number }).total ?? 0;
}

/** Values from the server's own data, spread over all its people: what is asked for later is there, and not only what came last. */
export async function harvest(target: Target, sample = 1000): Promise<Live> {
  const connection = target.open();
  const people = await countOf(connection, 'Patient');
  if (people === 0) throw new Error('there is nobody on this server; import first');
  const found = new Map<string, Loose>();
  for (let tries = 0; found.size < Math.min(sample, people) && tries < 60; tries++) {
    const numbers = Array.from({ length: 50 }, () => `${system.record}|B${Math.floor(Math.random() * people)}`);
    const path = `/Patient?identifier=${encodeURIComponent(numbers.join(','))}&_count=50`;
    for (const patient of resourcesIn(await ask(connection, path))) found.set(patient.id, patient);
  }
  // Other people than ours: whoever the server names first.
  if (found.size === 0)
    for (const patient of resourcesIn(await ask(connection, '/Patient?_count=200'))) found.set(patient.id, patient);
  const resources: Resource[] = [...found.values()];
  for (const id of [...found.keys()].slice(0, 200))
    for (const type of ['Observation', 'Encounter', 'Condition', 'MedicationRequest'])
      resources.push(...resourcesIn(await ask(connection, `/${type}?patient=${id}&_count=50`)));
  const practitioners = resourcesIn(await ask(connection, '/Practitioner?_count=100')).map(({ id }) => id);
  connection.close();
  const codesOf = (type: string, element: string): string[] => [
    ...new Set(
      resources.flatMap((resource: Loose) =>
        resource.resourceType === type
          ? (resource[element]?.coding ?? []).map((coding: Loose) => `${coding.system}|${coding.code}`)
          : [],
      ),
    ),
  ];
  return {
    people,
    patients: [...found.values()].map((patient: Loose) => ({
      id: patient.id,
      number: `${patient.identifier?.[0]?.system ?? ''}|${patient.identifier?.[0]?.value ?? ''}`,
      family: patient.name?.[0]?.family ?? '',
      given: patient.name?.[0]?.given?.[0] ?? '',
      birthDate: patient.birthDate ?? '1970-01-01',
    })),
    resources,
    encounters: resources.flatMap(({ resourceType, id }) => (resourceType === 'Encounter' ? [id] : [])),
    practitioners,
    codes: {
      measurement: codesOf('Observation', 'code'),
      disease: codesOf('Condition', 'code'),
      drug: codesOf('MedicationRequest', 'medicationCodeableConcept'),
    },
  };
}
