// node libs/fhir/bench.ts [seconds per row]: what one core does per second, beside the targets it must meet.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  extractSearchValues,
  parseSearch,
  patientCompartment,
  referencesIn,
  summaryOf,
  validateResource,
} from './index.ts';
import { exampleFiles, readExample } from './oracle/examples.ts';

type Json = Record<string, unknown>;
const seconds = Number(process.argv[2] ?? 1);

/** Operations per second of `work` over the samples, after one second of warming up. */
function rate<T>(samples: readonly T[], work: (sample: T) => unknown): number {
  const run = (ms: number): number => {
    const start = performance.now();
    let n = 0;
    while (performance.now() - start < ms) {
      for (const s of samples) work(s);
      n += samples.length;
    }
    return (n / (performance.now() - start)) * 1000;
  };
  run(1000);
  return run(seconds * 1000);
}

function line(name: string, perSecond: number, target?: number): void {
  const verdict =
    target === undefined ? '' : `  target ${target.toLocaleString('en')} ${perSecond >= target ? 'met' : 'MISSED'}`;
  process.stdout.write(`${name.padEnd(52)}${Math.round(perSecond).toLocaleString('en').padStart(12)}/s${verdict}\n`);
}

const folder = join(import.meta.dirname, 'fixtures');
const synthea = readdirSync(folder)
  .filter((f) => f.endsWith('.json'))
  .flatMap((f) => (JSON.parse(readFileSync(join(folder, f), 'utf8')) as { entry: { resource: Json }[] }).entry)
  .map((e) => e.resource);
const examples = (type: string): Json[] =>
  exampleFiles()
    .filter((f) => f.startsWith(`${type}-`))
    .map(readExample);
const ofSynthea = (type: string): Json[] => synthea.filter((r) => r.resourceType === type);

const index = join(import.meta.dirname, 'index.ts');
const script = `const t = performance.now(); await import(${JSON.stringify(index)}); console.log(performance.now() - t)`;
const starts = [1, 2, 3].map(() => Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })));
process.stdout.write(`import of index.ts: ${Math.min(...starts).toFixed(0)} ms (target 150 ms)\n`);

const sets: [string, Json[], boolean][] = [
  ['Observation, published examples', examples('Observation'), true],
  ['Observation, Synthea', ofSynthea('Observation'), true],
  ['Patient, published examples', examples('Patient'), false],
  ['Encounter, Synthea', ofSynthea('Encounter'), false],
  ['all types, Synthea', synthea, false],
];
for (const [name, samples, isTarget] of sets) {
  line(`extract   ${name} (${samples.length})`, rate(samples, extractSearchValues), isTarget ? 50_000 : undefined);
  line(`validate  ${name} (${samples.length})`, rate(samples, validateResource), isTarget ? 30_000 : undefined);
}
const texts = ofSynthea('Observation').map((r) => JSON.stringify(r));
line('JSON.parse of the same Observations (the floor)', rate(texts, JSON.parse));
line('referencesIn, Synthea', rate(synthea, referencesIn));
line('patientCompartment, Synthea', rate(synthea, patientCompartment));
line(
  'summaryOf, Synthea',
  rate(synthea, (r) => summaryOf(r)),
);
const searches = [
  'code=http://loinc.org|8480-6&date=ge2024&_sort=-date&_count=20',
  'subject:Patient.name=peter',
  'patient=Patient/1&category=vital-signs',
];
line(
  'parseSearch',
  rate(searches, (s) => parseSearch('Observation', s)),
);
