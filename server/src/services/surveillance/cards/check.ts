import type { CardField, CardProblem } from '@hutong/contract/surveillance.ts';

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(Date.parse(text)).toISOString().startsWith(text);
const isMoment = (text: string): boolean =>
  isDay(text.slice(0, 10)) && /^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d$/.test(text);
const safely = (test: (text: string) => boolean, text: string): boolean => {
  try {
    return test(text);
  } catch {
    return false;
  }
};

function wrongForm({ kind, choices, value }: CardField): { zh: string; en: string } | null {
  if (!value) return null;
  const codes = new Set(choices.map(({ code }) => code));
  switch (kind) {
    case 'choice':
      return codes.has(value) ? null : { zh: '不在代码表中', en: 'is not in the list of codes' };
    case 'choices':
      return value.split(',').every((code) => codes.has(code))
        ? null
        : { zh: '不在代码表中', en: 'is not in the list of codes' };
    case 'day':
      return safely(isDay, value) ? null : { zh: '须为日期（年-月-日）', en: 'is to be a day (YYYY-MM-DD)' };
    case 'moment':
      return safely(isMoment, value) ? null : { zh: '须为日期与时间', en: 'is to be a day and time' };
    case 'number':
      return /^\d{1,6}(\.\d{1,3})?$/.test(value) ? null : { zh: '须为数字', en: 'is to be a number' };
    case 'phone':
      return /^[+\d][\d -]{5,19}$/.test(value) || value === '无'
        ? null
        : { zh: '须为电话号码，没有填“无”', en: 'is to be a telephone number, or 无 for none' };
    case 'document':
      return /^[0-9A-Z()-]{4,25}$/.test(value)
        ? null
        : { zh: '证件号格式不对', en: 'does not look like a document number' };
    case 'area':
      return /^\d{6}$/.test(value) ? null : { zh: '须为 6 位行政区划代码', en: 'is to be an area code of 6 digits' };
    default:
      return null;
  }
}

/**
 * What keeps a card from being reported: a required field that is empty, a value of the wrong form, days that contradict each other.
 * Empty when it may go. `now` epoch milliseconds; days are Asia/Shanghai.
 */
export function problemsOf(fields: CardField[], now: number): CardProblem[] {
  const today = new Date(now + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  const problems: CardProblem[] = [];
  const wellFormed = new Map<string, string>();
  const say = ({ key, zh, en }: { key: string; zh: string; en: string }, wordsZh: string, wordsEn: string): void =>
    void problems.push({ key, zh: `${zh}：${wordsZh}`, en: `${en}: ${wordsEn}` });
  for (const field of fields) {
    const wrong = wrongForm(field);
    if (wrong) say(field, wrong.zh, wrong.en);
    else if (field.value) wellFormed.set(field.key, field.value);
    else if (field.required) say(field, '必填', 'is required');
  }
  const day = (key: string): string | null => wellFormed.get(key)?.slice(0, 10) ?? null;
  const before = (first: string, second: string, zh: string, en: string): void => {
    const [a, b] = [day(first), day(second)];
    const field = fields.find(({ key }) => key === first);
    if (a && b && a > b && field) say(field, zh, en);
  };
  before('onset', 'diagnosedAt', '不能晚于诊断时间', 'cannot lie after the diagnosis');
  before('birthDate', 'onset', '不能晚于发病日期', 'cannot lie after the onset');
  before('onset', 'deceased', '不能晚于死亡日期', 'cannot lie after the death');
  for (const field of fields.filter(({ kind }) => kind === 'day' || kind === 'moment')) {
    const value = wellFormed.get(field.key);
    if (value && value > today.slice(0, value.length)) say(field, '不能在将来', 'cannot lie in the future');
  }
  return problems;
}
