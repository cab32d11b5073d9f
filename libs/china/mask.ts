/**
 * Document number for a screen: first four and last two places stay, `500101199001011234` -> `5001************34`.
 * Shorter than ten places: first and last only; shorter than four: nothing.
 */
export function maskNumber(number: string): string {
  const places = [...number];
  if (places.length >= 10) return cover(places, 4, 2);
  return places.length >= 4 ? cover(places, 1, 1) : '*'.repeat(places.length);
}

/** Telephone for a screen: `13812345678` -> `138****5678`; other lengths keep the last four of eight and more. */
export function maskPhone(phone: string): string {
  const places = [...phone];
  if (/^1[0-9]{10}$/.test(phone)) return cover(places, 3, 4);
  if (places.length >= 8) return cover(places, 0, 4);
  return '*'.repeat(places.length);
}

/**
 * Name for a screen that others can see: `张三` -> `张*`, `张小明` -> `张*明`, `John Smith` -> `J*** S****`.
 * Two people at one counter stay distinguishable, a stranger learns no whole name.
 */
export function maskName(name: string): string {
  const trimmed = name.trim();
  if (/\p{Script=Han}/u.test(trimmed)) {
    const places = [...trimmed];
    if (places.length <= 1) return '*'.repeat(places.length);
    return cover(places, 1, places.length === 2 ? 0 : 1);
  }
  return trimmed
    .split(/\s+/)
    .map((word) => cover([...word], [...word].length > 1 ? 1 : 0, 0))
    .join(' ');
}

function cover(places: string[], head: number, tail: number): string {
  const end = places.length - tail;
  return places.map((place, index) => (index < head || index >= end ? place : '*')).join('');
}
