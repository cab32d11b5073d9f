import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));

/** The 5,306 resources of HL7's example package, by file name. */
export function exampleFiles(): string[] {
  return readdirSync(folder)
    .filter((f) => f.endsWith('.json') && f !== 'package.json' && !f.startsWith('.'))
    .sort();
}

export function readExample(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
}

/** Up to `each` examples of every type: all types, without the thousands of value sets. */
export function sampleFiles(each: number): string[] {
  const counts = new Map<string, number>();
  return exampleFiles().filter((f) => {
    const type = f.slice(0, f.indexOf('-'));
    const n = counts.get(type) ?? 0;
    counts.set(type, n + 1);
    return n < each;
  });
}

const DEFINITIONS =
  /^(?:ValueSet|CodeSystem|SearchParameter|StructureDefinition|ConceptMap|OperationDefinition|ImplementationGuide|ig-|CapabilityStatement|Bundle-(?:dataelements|resources|types|profiles|v2|v3|valueset|search|conceptmaps|extension|externals|registry|terminologies))/;

/** Some 790 examples of records and requests, without the megabytes of FHIR's own definitions. */
export function recordFiles(): string[] {
  return exampleFiles().filter((f) => !DEFINITIONS.test(f));
}
