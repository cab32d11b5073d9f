import { makeResidentNumber } from '@hutong/china';

const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗'];
const given = [...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力建国华玉红海燕春梅志林永生'];
const days = 31_000;
/** Has no divisor in common with {@link days}: whoever shares a sequence number has a birth date of their own, so no number is given twice. */
const stride = 7919;

/** The n-th invented inhabitant, n < 30 million: a common name, a number of an area that was never issued, a telephone nobody has. */
export function inhabitant(n: number): {
  name: string;
  sex: 'male' | 'female';
  birthDate: string;
  number: string;
  phone: string;
  address: string;
} {
  const mixed = Math.imul(n, 0x9e3779b1) >>> 0;
  const day = (((n % days) * stride) % days) * 86_400_000;
  const birthDate = new Date(Date.UTC(1935, 0, 1) + day).toISOString().slice(0, 10);
  const pick = (list: string[], turn: number): string => list[(mixed >>> turn) % list.length] as string;
  const sequence = 1 + (Math.floor(n / days) % 998);
  return {
    name: pick(surnames, 3) + pick(given, 7) + (mixed % 5 === 0 ? '' : pick(given, 13)),
    sex: sequence % 2 === 1 ? 'male' : 'female',
    birthDate,
    number: makeResidentNumber({ areaCode: `50099${n % 10}`, birthDate, sequence }),
    phone: `129${String(mixed % 100_000_000).padStart(8, '0')}`,
    address: `渝北区第${mixed % 977}街${mixed % 389}号${mixed % 23}单元${mixed % 31}`,
  };
}
