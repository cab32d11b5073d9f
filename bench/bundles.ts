import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

type Bundle = {
  entry: { fullUrl?: string; resource: { resourceType: string; id?: string; identifier?: { value?: string }[] } }[];
};

const folder = join(import.meta.dirname, '../journeys/fixtures/synthea-r4');

/** Synthea transaction bundles (journeys/fixtures/SOURCE.md), each copy with its own people and uuids, so that none is a repetition. */
export function bundles(count: number, from = 0): { body: Buffer; resources: number }[] {
  const originals = readdirSync(folder)
    .sort()
    .map((name) => {
      const text = gunzipSync(readFileSync(join(folder, name))).toString('utf8');
      const compact = JSON.stringify(JSON.parse(text));
      return { compact, resources: (JSON.parse(text) as Bundle).entry.length };
    });
  return Array.from({ length: count }, (_, at) => {
    const { compact, resources } = originals[at % originals.length] as (typeof originals)[0];
    const mark = (from + at).toString(16).padStart(8, '0');
    // Every uuid's first eight digits carry the copy's number; identifiers of the person are uuids in these files too.
    const body = Buffer.from(
      compact.replace(
        /([0-9a-f]{8})-([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g,
        (_all, first: string, rest: string) =>
          `${`${(Number.parseInt(first, 16) ^ Number.parseInt(mark, 16)) >>> 0}`.padStart(8, '0').slice(-8)}-${rest}`,
      ),
    );
    return { body, resources };
  });
}
