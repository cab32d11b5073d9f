import type { Address } from '../people/resident.ts';
import { Random } from '../random.ts';
import type { District } from './districts.ts';

/** Invented: first halves and second halves of names that together name no real street or town of Chongqing we know. */
const FIRST = '砚岫澜栀珩霁芷筠蘅漪璟翊樾汀棹萱';
const SECOND = '禾泊舒野墨川朗岸塘麓序野';

export type Neighbourhood = { subDistrict: string; street: string };

/** Sub-districts per district grow with its people: one to every forty thousand, as in the region itself. */
export function neighbourhood(seed: number, district: District, key: number): Neighbourhood {
  const count = Math.max(4, Math.round(district.population / 6));
  const serial = key === 0 ? 0 : new Random(seed, 'sub-district', Number(district.code), key).below(count);
  const random = new Random(seed, 'place', Number(district.code), serial);
  const kind =
    district.land === 'central'
      ? '街道'
      : district.land === 'district'
        ? random.pick(['街道', '镇'])
        : random.pick(['镇', '镇', '乡']);
  const name =
    FIRST[serial % FIRST.length]! +
    SECOND[(Math.floor(serial / FIRST.length) + Number(district.code)) % SECOND.length]!;
  return { subDistrict: name + kind, street: name };
}

export function streetAddress(random: Random, district: District, place: Neighbourhood): Address {
  const rural = place.subDistrict.endsWith('乡') || (place.subDistrict.endsWith('镇') && random.chance(0.6));
  const name = random.pick([...FIRST]) + random.pick([...SECOND]);
  const door = rural
    ? `${random.between(1, 9)}组${random.between(1, 120)}号`
    : `${random.between(1, 299)}号${random.between(1, 12)}栋${random.between(1, 4)}单元${random.between(1, 32)}-${random.between(1, 6)}`;
  return {
    area: district.code,
    district: district.zh,
    subDistrict: place.subDistrict,
    street: rural ? `${name}村` : `${name}${random.pick(['路', '街', '大道', '支路', '巷'])}`,
    door,
  };
}

export function addressText(address: Address): string {
  return `重庆市${address.district}${address.subDistrict}${address.street}${address.door}`;
}
