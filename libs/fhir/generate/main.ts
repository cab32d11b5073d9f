// node libs/fhir/generate/main.ts: writes libs/fhir/generated/ from the published R4 definitions.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generate } from './files.ts';

const folder = join(import.meta.dirname, '../generated');
const files = generate();
rmSync(folder, { recursive: true, force: true });
let bytes = 0;
for (const [name, text] of files) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  bytes += Buffer.byteLength(text);
}
process.stdout.write(`${files.size} files, ${Math.round(bytes / 1024)} KB\n`);
