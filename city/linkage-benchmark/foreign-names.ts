import type { Random } from '../random.ts';

const GIVEN = {
  male: 'Daniel Thomas Kenji Ivan Ahmed Carlos Minh Lukas Oliver Pierre Yusuf Raj Marco Hyun Samuel Peter Jonas Viktor Omar Henri'.split(
    ' ',
  ),
  female:
    'Anna Laura Yuki Emma Fatima Sofia Linh Marie Chloe Elena Aisha Priya Giulia Jiwon Sarah Ingrid Clara Olga Leila Hanna'.split(
      ' ',
    ),
};
const FAMILY =
  'Weber Harris Mori Petrov Novak Rossi Sato Clark Nguyen Tran Silva Garcia Dubois Lefevre Khan Patel Kumar Kim Park Lee Ivanova Schmidt Bauer Jensen Nilsson Haddad Mensah Okafor Costa Moreau Tanaka Suzuki Walker Murphy Cohen Larsen Kowalski Horvat Popescu Yilmaz'.split(
    ' ',
  );

/** Given name and family name of a foreigner, as in the passport's reading zone but for case. */
export function drawForeignName(random: Random, sex: 'male' | 'female'): string {
  const given = random.pick(GIVEN[sex]);
  const middle = random.chance(0.3) ? ` ${random.pick(GIVEN[sex])}` : '';
  return `${given}${middle} ${random.pick(FAMILY)}`;
}

/** How another desk writes it: capitals, family name first, without the middle name, one letter wrong. */
export function varyForeignName(random: Random, name: string): string {
  const words = name.split(' ');
  const kind = random.below(4);
  if (kind === 0) return name.toUpperCase();
  if (kind === 1) return [words[words.length - 1], ...words.slice(0, -1)].join(' ');
  if (kind === 2 && words.length > 2) return `${words[0]} ${words[words.length - 1]}`;
  const at = random.between(1, name.length - 2);
  return name[at] === ' ' ? name.toUpperCase() : name.slice(0, at) + name.slice(at + 1);
}
