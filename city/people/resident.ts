import type { District } from '../places/districts.ts';

export type Sex = 'male' | 'female';

export type Address = {
  /** GB/T 2260 code of the district or county of residence. */
  area: string;
  district: string;
  subDistrict: string;
  street: string;
  /** House, unit and door. */
  door: string;
};

/** One inhabitant of the synthetic city, as the truth has them: complete, correct, and existing nowhere else. */
export type Resident = {
  /** 0 .. ; with the seed it is all that is needed to make this resident again. */
  number: number;
  /** First number of the household, and everyone in it. */
  household: number;
  members: readonly number[];
  role: 'head' | 'spouse' | 'child' | 'grandparent';
  mother: number | null;
  father: number | null;
  children: number[];
  /** The other child of a twin birth. */
  twin: number | null;
  /** 1 or 2 among twins, else null. */
  birthOrder: number | null;
  sex: Sex;
  surname: string;
  name: string;
  birthDay: number;
  birthDate: string;
  /** Day of death, or null when it lies beyond the horizon. */
  deathDay: number | null;
  /** 18 places with a reserved area; null: a foreigner. */
  idNumber: string | null;
  /** Passport of a foreigner. */
  passport: string | null;
  phone: string;
  address: Address;
  district: District;
  /** GB/T 3304 alphabetic code and Chinese name. */
  ethnic: { code: string; zh: string };
  blood: { abo: 'A' | 'B' | 'O' | 'AB'; rh: '+' | '-' };
  /** Day on which a newborn stops being called X之子 and gets a name and a number. */
  namedDay: number;
};

/** Occupation of the report card (传染病报告卡), by age and land. */
export function occupationAt(resident: Resident, age: number): { code: string; zh: string } {
  if (age < 3) return { code: '01', zh: '散居儿童' };
  if (age < 6) return { code: '02', zh: '托幼儿童' };
  if (age < 18) return { code: '03', zh: '学生' };
  const turn = (resident.number * 2654435761) >>> 0;
  if (age < 22 && turn % 3 !== 0) return { code: '03', zh: '学生' };
  if (age >= (resident.sex === 'male' ? 60 : 55)) {
    return resident.district.land === 'central' || turn % 2 === 0
      ? { code: '12', zh: '离退人员' }
      : { code: '11', zh: '农民' };
  }
  const rows =
    resident.district.land === 'county'
      ? ['11农民', '11农民', '11农民', '10民工', '09工人', '06商业服务', '13家务及待业']
      : ['09工人', '06商业服务', '06商业服务', '14干部职员', '14干部职员', '11农民', '10民工', '04教师', '07医务人员'];
  const row = rows[turn % rows.length]!;
  return { code: row.slice(0, 2), zh: row.slice(2) };
}

/** School that a child of this age goes to, or null. Two children of one sub-district and stage share it. */
export function schoolAt(resident: Resident, age: number): { code: string; zh: string } | null {
  const stage = age < 3 || age > 17 ? null : age < 6 ? '幼儿园' : age < 15 ? '九年制学校' : '高级中学';
  if (!stage) return null;
  const place = resident.address.subDistrict.replace(/(街道|镇|乡)$/u, '');
  return { code: `${resident.address.area}-${place}-${stage}`, zh: `${resident.district.zh}${place}${stage}` };
}
