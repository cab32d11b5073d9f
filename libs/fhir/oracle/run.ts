// node libs/fhir/oracle/run.ts [how many]: compares generated extraction with the interpreter on the published examples.
import { extractSearchValues } from '../search/extract.ts';
import { exampleFiles, readExample } from './examples.ts';
import { asSet, expectedValues } from './expected.ts';

export type Difference = { file: string; lacking: string[]; surplus: string[] };

export function compare(file: string): Difference | undefined {
  const resource = readExample(file);
  const actual = asSet(extractSearchValues(resource));
  const expected = asSet(expectedValues(structuredClone(resource)));
  const lacking = expected.filter((v) => !actual.includes(v));
  const surplus = actual.filter((v) => !expected.includes(v));
  return lacking.length + surplus.length === 0 ? undefined : { file, lacking, surplus };
}

if (import.meta.main) {
  const files = exampleFiles().slice(0, Number(process.argv[2] ?? Number.POSITIVE_INFINITY));
  let differing = 0;
  for (const file of files) {
    const d = compare(file);
    if (d === undefined) continue;
    differing++;
    if (differing <= 20) process.stdout.write(`${JSON.stringify(d, null, 1).slice(0, 2000)}\n`);
  }
  process.stdout.write(`${files.length} resources, ${differing} differ\n`);
  process.exitCode = differing === 0 ? 0 : 1;
}
