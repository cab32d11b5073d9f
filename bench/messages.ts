/**
 * Synthetic ORU^R01 of about 1.2 KB: one report with six numeric results, all people invented, numbers of an area that is never issued.
 * @param mode what MSH-15 and MSH-16 ask for: the original mode, or an accept acknowledgement alone
 */
export function oruMessages(
  count: number,
  facility: string,
  from = 0,
  mode: 'original' | 'accept' = 'original',
): Buffer[] {
  const items = [
    ['718-7', '血红蛋白', 'g/L', 115, 175],
    ['6690-2', '白细胞', '10*9/L', 3, 12],
    ['777-3', '血小板', '10*9/L', 100, 350],
    ['14749-6', '葡萄糖', 'mmol/L', 3, 12],
    ['14682-9', '肌酐', 'umol/L', 40, 140],
    ['1742-6', '丙氨酸氨基转移酶', 'U/L', 5, 90],
  ] as const;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const check = (first: string): string =>
    '10X98765432'[
      [...first].reduce((sum, digit, at) => sum + Number(digit) * (weights[at] as number), 0) % 11
    ] as string;
  return Array.from({ length: count }, (_, at) => {
    const i = from + at;
    const person = i % 20_000;
    const birth = `19${String(30 + (person % 70)).padStart(2, '0')}${String(1 + (person % 12)).padStart(2, '0')}${String(1 + (person % 28)).padStart(2, '0')}`;
    const first = `500999${birth}${String(1 + (Math.floor(person / 70) % 998)).padStart(3, '0')}`;
    const minute = String(i % 60).padStart(2, '0');
    const hour = String(Math.floor(i / 60) % 24).padStart(2, '0');
    const day = String(1 + (Math.floor(i / 1440) % 28)).padStart(2, '0');
    const time = `202610${day}${hour}${minute}00+0800`;
    const lines = [
      `MSH|^~\\&|LIS|${facility}|HUTONG|CQ|${time}||ORU^R01^ORU_R01|B${facility}${i}|P|2.5.1|||${mode === 'accept' ? 'AL|NE' : '|'}|CHN|UNICODE UTF-8`,
      `PID|1||P${person}^^^${facility}^MR~${first}${check(first)}^^^^NI||测${String.fromCharCode(0x4e00 + (person % 2000))}${String.fromCharCode(0x5000 + (person % 1500))}||${birth}|${Number(first[16]) % 2 ? 'M' : 'F'}|||测试路${person % 500}号^^重庆^^400000||1380000${String(person % 10000).padStart(4, '0')}`,
      `PV1|1|O|内科门诊^^^${facility}||||D${person % 40}^李医生|||||||||||V${facility}${i}`,
      `ORC|RE|O${i}|F${facility}${i}`,
      `OBR|1|O${i}|F${facility}${i}|58410-2^血常规与生化^LN|||${time}|||||||||||||||${time}||LAB|F`,
      ...items.map(
        ([code, name, unit, low, high], n) =>
          `OBX|${n + 1}|NM|${code}^${name}^LN||${(low + (((i * 7 + n * 13) % 100) / 100) * (high - low)).toFixed(1)}|${unit}|${low}-${high}|N|||F|||${time}`,
      ),
    ];
    return Buffer.from(`${lines.join('\r')}\r`);
  });
}
