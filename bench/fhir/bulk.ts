import { type Answer, type Connection, headerOf, type Target } from './wire.ts';

/** A whole `$export`: asked for, waited for, every file read. Seconds until the files were ready, and until the last byte was here. */
export async function exportAll(
  target: Target,
): Promise<{ resources: number; readySeconds: number; seconds: number; bytes: number }> {
  const connection = target.open();
  const started = performance.now();
  const kicked = await connection.send('GET', '/$export', { headers: 'prefer: respond-async\r\n' });
  const place = headerOf(kicked, 'content-location');
  if (kicked.status !== 202 || !place) throw new Error(`$export is answered with ${kicked.status}`);
  let answer: Answer;
  for (;;) {
    answer = await connection.send('GET', target.under(place));
    if (answer.status !== 202) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  if (answer.status !== 200) throw new Error(`the export ended with ${answer.status}`);
  const readySeconds = (performance.now() - started) / 1000;
  const { output } = JSON.parse(answer.body.toString()) as { output: { url: string }[] };
  let resources = 0;
  let bytes = 0;
  for (const { url } of output) {
    let last = 10;
    const file = await connection.send('GET', target.under(url), {
      headers: 'accept: application/fhir+ndjson\r\n',
      sink(part) {
        for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) resources++;
        bytes += part.length;
        last = part[part.length - 1] ?? last;
      },
    });
    if (last !== 10) resources++;
    if (file.status !== 200) throw new Error(`a file of the export is answered with ${file.status}`);
  }
  const seconds = (performance.now() - started) / 1000;
  await connection.send('DELETE', target.under(place));
  connection.close();
  return { resources, readySeconds, seconds, bytes };
}

/** One patient with a thousand observations: made if it is not there. @returns its id */
async function longRecord(connection: Connection): Promise<string> {
  const found = await connection.send('GET', `/Patient?identifier=${encodeURIComponent('urn:bench:mrn|LONG')}`);
  const known = (JSON.parse(found.body.toString()) as { entry?: { resource: { id: string } }[] }).entry?.[0];
  if (known) return known.resource.id;
  const subject = { reference: 'urn:uuid:ffffffff-0000-4000-8000-000000000000' };
  const entry = [
    {
      fullUrl: subject.reference,
      resource: { resourceType: 'Patient', identifier: [{ system: 'urn:bench:mrn', value: 'LONG' }] },
      request: { method: 'POST', url: 'Patient' },
    },
    ...Array.from({ length: 1000 }, (_, n) => ({
      resource: {
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
        subject,
        effectiveDateTime: new Date(1_600_000_000_000 + n * 86_400_000).toISOString(),
        valueQuantity: { value: 100 + (n % 80), unit: 'g/L', system: 'http://unitsofmeasure.org', code: 'g/L' },
      },
      request: { method: 'POST', url: 'Observation' },
    })),
  ];
  const made = await connection.send('POST', '', {
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  });
  const id = /Patient\/([^/"]+)/.exec(made.body.toString())?.[1];
  if (made.status !== 200 || !id) throw new Error(`the long record is answered with ${made.status}`);
  return id;
}

export type Everything = { firstP50: number; firstP99: number; wholeP50: number; resources: number };

/** `$everything` of a record of 1,001 resources, a hundred times: milliseconds until the first byte of the answer, and until every page is here. */
export async function everything(target: Target, query = ''): Promise<Everything> {
  const connection = target.open();
  const id = await longRecord(connection);
  const first: number[] = [];
  const whole: number[] = [];
  let resources = 0;
  for (let n = 0; n < 110; n++) {
    resources = 0;
    const started = performance.now();
    for (let next: string | undefined = `/Patient/${id}/$everything${query}`; next; ) {
      const answer: Answer = await connection.send('GET', next);
      if (answer.status !== 200) throw new Error(`$everything is answered with ${answer.status}`);
      // The first ten warm the caches up.
      if (n >= 10 && resources === 0) first.push(answer.firstByteMs);
      const { link, entry } = JSON.parse(answer.body.toString()) as {
        link?: { relation: string; url: string }[];
        entry: object[];
      };
      resources += entry.length;
      const more: string | undefined = link?.find(({ relation }) => relation === 'next')?.url;
      next = more && target.under(more);
    }
    if (n >= 10) whole.push(performance.now() - started);
  }
  connection.close();
  const at = (times: number[], place: number): number => times.sort((a, b) => a - b)[place] ?? 0;
  return { firstP50: at(first, 50), firstP99: at(first, 98), wholeP50: at(whole, 50), resources };
}
