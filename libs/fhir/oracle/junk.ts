// Puts values of the wrong kind into random places of a resource, to see what code does that expected the right kind.
type Json = Record<string, unknown>;

const JUNK: (() => unknown)[] = [
  () => null,
  () => 0,
  () => -1e308,
  () => '',
  () => 'x',
  () => true,
  () => [],
  () => [null],
  () => [[]],
  () => ({}),
  () => [{}],
  () => ({ reference: 5, coding: 'x', value: {}, start: 1, end: [], low: 'a', data: 7, resourceType: 'Patient' }),
  () => ({ reference: '#', coding: [null, 'x', { code: 1 }], given: [1, null], contained: [null] }),
];

function places(o: unknown, out: [Json, string][]): void {
  if (typeof o !== 'object' || o === null) return;
  for (const [k, v] of Object.entries(o)) {
    if (k !== 'resourceType') out.push([o as Json, k]);
    places(v, out);
  }
}

/** Replaces up to `times` members anywhere in `resource`. */
export function spoil(resource: Json, random: () => number, times: number): Json {
  for (let i = 0; i < times; i++) {
    const all: [Json, string][] = [];
    places(resource, all);
    const place = all[Math.floor(random() * all.length)];
    if (place !== undefined) place[0][place[1]] = JUNK[Math.floor(random() * JUNK.length)]?.();
  }
  return resource;
}
