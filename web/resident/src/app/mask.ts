/** A name on a screen that others can see: the first and, from three characters on, the last stay. Latin names keep each first letter. */
export function maskName(name: string): string {
  const places = [...name.trim()];
  if (!/\p{Script=Han}/u.test(name)) return name.trim().replace(/(?<=\p{L})\p{L}/gu, '*');
  if (places.length <= 2) return places.map((place, at) => (at === 0 && places.length > 1 ? place : '*')).join('');
  return places.map((place, at) => (at === 0 || at === places.length - 1 ? place : '*')).join('');
}
