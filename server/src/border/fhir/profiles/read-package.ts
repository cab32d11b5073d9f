import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../kit/config.ts';
import type { Resource } from '../../fact.ts';

const folder = join(projectRoot, 'profiles');
const read = (from: string): Resource[] =>
  readdirSync(from)
    .filter((name) => /^[A-Z].*\.json$/.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(from, name), 'utf8')) as Resource);

/** The definitions of the platform's own FHIR package (`profiles/`): StructureDefinitions, ValueSets, CodeSystems, NamingSystems. */
export const packageDefinitions = (): Resource[] => read(folder);
/** Its examples: for tests and for whoever wants to see how it is meant. They are not published. */
export const packageExamples = (): Resource[] => read(join(folder, 'example'));
