import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchmarkRecords } from './generate.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.out === undefined) {
  process.stdout.write('node city/linkage-benchmark/main.ts --out DIR [--size 100000] [--seed 1]\n');
  process.exit(values.help ? 0 : 2);
}
const { out } = values;
mkdirSync(out, { recursive: true });
const records = createWriteStream(join(out, 'records.csv'), { highWaterMark: 1 << 20 });
const truth = createWriteStream(join(out, 'truth.csv'), { highWaterMark: 1 << 20 });
await write(records, 'record_id,name,sex,birth_date,id_number,phone,address\n');
await write(truth, 'record_id,person_id,household_id,twin,dirt\n');
// Lines are handed over by the thousand: one call of the system per record would be most of the time.
let lines: [string, string] = ['', ''];
let waiting = 0;
for (const one of benchmarkRecords({ seed: Number(values.seed), size: Number(values.size) })) {
  lines[0] += `${one.id},${one.name},${one.sex},${one.birthDate},${one.number},${one.phone},${one.address}\n`;
  lines[1] += `${one.id},P${one.person},H${one.household},${one.twin ? 1 : 0},${one.dirt.join('|')}\n`;
  if (++waiting < 1000) continue;
  await write(records, lines[0]);
  await write(truth, lines[1]);
  lines = ['', ''];
  waiting = 0;
}
await write(records, lines[0]);
await write(truth, lines[1]);
await Promise.all([close(records), close(truth)]);

async function write(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
}

function close(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => stream.end(() => resolve()));
}
