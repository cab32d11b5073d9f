/** Operations per CPU-second of one core, each beside its floor: `node libs/china/bench.ts`. About six seconds. */
import * as china from './index.ts';

const SECURITY_ROOT_KEY = '0123456789ABCDEFFEDCBA9876543210';
const TODAY = '2026-11-23';
const numbers = Array.from({ length: 500 }, (_, index) =>
  china.makeResidentNumber({ areaCode: china.SYNTHETIC_AREA, birthDate: '1990-01-02', sequence: index + 1 }),
);
const names = ['張偉', '王芳', '欧阳明日', '阿卜杜拉•买买提', '刘\uE863', '李小龙', 'John Smith', '陳喆'];
const keys = china.nodeCrypto.sm2KeyPair();
const message = new TextEncoder().encode('one resident, one record, one code');
const signature = china.nodeCrypto.sm2Sign(message, keys.privateKey, { publicKey: keys.publicKey });
const block = new Uint8Array(1200);
const gcm = { key: new Uint8Array(16), nonce: new Uint8Array(12) };

const workloads: { name: string; floor: number; run: (index: number) => unknown }[] = [
  {
    name: 'e-health-card id',
    floor: 20_000,
    run: (index) =>
      china.cardId(
        { documentType: '01', documentNumber: numbers[index % 500]!, name: `人${index}` },
        SECURITY_ROOT_KEY,
      ),
  },
  {
    name: 'parse resident number',
    floor: 500_000,
    run: (index) => china.parseResidentNumber(numbers[index % 500]!, TODAY),
  },
  { name: 'fold name', floor: 100_000, run: (index) => china.foldName(names[index % names.length]!) },
  { name: 'reading keys of a name', floor: 50_000, run: (index) => china.readingKeys(names[index % names.length]!) },
  { name: 'SM3 of 32 bytes', floor: 200_000, run: () => china.sm3Hex(gcm.key) },
  { name: 'SM4-GCM seal 1.2 KB', floor: 20_000, run: () => china.nodeCrypto.sm4Seal(block, gcm) },
  {
    name: 'SM2 sign',
    floor: 500,
    run: () => china.nodeCrypto.sm2Sign(message, keys.privateKey, { publicKey: keys.publicKey }),
  },
  {
    name: 'SM2 verify (known key)',
    floor: 300,
    run: () => china.nodeCrypto.sm2Verify(message, signature, keys.publicKey),
  },
];

let missed = 0;
for (const { name, floor, run } of workloads) {
  for (let index = 0; index < 50; index++) run(index);
  const begin = process.cpuUsage();
  let count = 0;
  let used = 0;
  while (used < 600_000) {
    for (let index = 0; index < 50; index++) run(count++);
    const { user, system } = process.cpuUsage(begin);
    used = user + system;
  }
  const rate = Math.round(count / (used / 1e6));
  if (rate < floor) missed++;
  console.log(
    `${name.padEnd(26)} ${String(rate).padStart(9)} /CPU-s   floor ${floor}${rate < floor ? '   MISSED' : ''}`,
  );
}
process.exitCode = missed === 0 ? 0 : 1;
