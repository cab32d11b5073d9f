import { maskName, maskNumber, maskPhone } from '@hutong/china';
import type { AccessGround, Resident360, ResidentHit } from '@hutong/contract/console.ts';
import { isNotifiable, type RecordAccess } from '../../core/access/index.ts';
import type { Directory } from '../../core/directory/index.ts';
import { type OpenRecord, publicId, type SourceRow } from '../../core/identity/index.ts';
import type { Stored } from '../../core/store/index.ts';
import { words } from './decide.ts';

type Json = Record<string, unknown>;
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

export const institutionName = (directory: Directory, id: number): { code: string; nameZh: string; nameEn: string } => {
  const row = directory.institution(id);
  return { code: row?.code ?? '', nameZh: row?.nameZh ?? '未知机构', nameEn: row?.nameEn ?? 'Unknown institution' };
};

export type Age = { unit: 'years' | 'months' | 'days'; count: number };

/** Completed years; months below three years, days below one month: as a ward would say it. */
export function ageAt(birthDate: string | null, now: number): Age | null {
  if (!birthDate) return null;
  const today = new Date(now + 8 * 3_600_000);
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const months =
    (today.getUTCFullYear() - year) * 12 + today.getUTCMonth() + 1 - month - (today.getUTCDate() < day ? 1 : 0);
  if (months >= 36) return { unit: 'years', count: Math.floor(months / 12) };
  if (months >= 1) return { unit: 'months', count: months };
  return {
    unit: 'days',
    count: Math.max(0, Math.floor((today.getTime() - Date.UTC(year, month - 1, day)) / 86_400_000)),
  };
}

const ageWords = { years: ['岁', 'y'], months: ['月龄', 'months'], days: ['天', 'days'] } as const;
const ageTexts = (age: Age | null): { age: string; ageEn: string } =>
  age
    ? { age: `${age.count}${ageWords[age.unit][0]}`, ageEn: `${age.count} ${ageWords[age.unit][1]}` }
    : { age: '', ageEn: '' };

const grounds: Record<RecordAccess['ground'], { zh: string; en: string }> = {
  'care-relationship': {
    zh: '诊疗关系：您所在机构近 180 天内为该居民提供过服务',
    en: 'Care relationship: your institution has served this resident within 180 days',
  },
  'own-institution': { zh: '本机构产生的数据', en: 'Data that your own institution made' },
  'public-health': { zh: '法定传染病防控需要', en: 'Control of a notifiable disease' },
  'break-glass': {
    zh: '紧急打开：已说明理由，全程留痕，事后复核',
    en: 'Break-glass: a reason was stated; every look is recorded and reviewed',
  },
  'presented-code': {
    zh: '居民在您所在机构出示了健康码',
    en: 'The resident showed their health code at your institution',
  },
  'own-record': { zh: '居民本人', en: 'The resident’s own record' },
  audit: { zh: '审计', en: 'Audit' },
  none: { zh: '没有查看依据', en: 'No ground for access' },
};

export const groundOf = (access: RecordAccess): AccessGround => ({
  allowed: access.allowed,
  ground: access.ground,
  ...grounds[access.ground],
  until: access.until === null ? null : new Date(access.until).toISOString(),
  canBreakGlass: access.canBreakGlass,
});

export const groundWords = (ground: string): { zh: string; en: string } =>
  (
    ({
      ...grounds,
      submission: { zh: '机构报送', en: 'Submission by an institution' },
      'message-repair': { zh: '消息修复', en: 'Message repair' },
      search: { zh: '检索', en: 'Search' },
      'code-shown': { zh: '扫描健康码', en: 'Scan of a health code' },
      counter: { zh: '窗口办理', en: 'Service at a counter' },
      'identity-match': { zh: '身份匹配', en: 'Identity matching' },
      'identity-review': { zh: '主索引核对', en: 'Review of the master index' },
    }) as Record<string, { zh: string; en: string }>
  )[ground] ?? { zh: ground, en: ground };

/** The newest value any institution has given; sources come newest first. */
const newest = <K extends keyof SourceRow>(sources: SourceRow[], field: K): SourceRow[K] | null =>
  sources.find((source) => source[field] !== null)?.[field] ?? null;

/** A line of the hit list. Without a ground, the name is masked too: enough to say "that is the one", not enough to browse. */
export function hitOf(record: OpenRecord, now: number, lastEventAt: Date | null): ResidentHit {
  const { sources, access } = record;
  const name = newest(sources, 'name') ?? '';
  const number = newest(sources, 'number');
  const phone = newest(sources, 'phone');
  return {
    id: publicId(record.resident),
    name: access.allowed ? name : maskName(name),
    sex: (newest(sources, 'sex') ?? 'unknown') as ResidentHit['sex'],
    birthDate: access.allowed ? newest(sources, 'birthDate') : null,
    ...ageTexts(ageAt(newest(sources, 'birthDate'), now)),
    number: number && maskNumber(number),
    phone: phone && maskPhone(phone),
    area: newest(sources, 'area'),
    institutions: new Set(sources.map(({ institution }) => institution)).size,
    lastEventAt: lastEventAt?.toISOString() ?? null,
    access: groundOf(access),
  };
}

const icd10Of = (condition: Json): string | null =>
  (list((condition.code as Json | undefined)?.coding).find(
    ({ system }) => typeof system === 'string' && system.includes('icd-10'),
  )?.code as string | null) ?? null;

const chronic = /^(I1[0-5]|E1[0-4]|J4[0-7]|I2[05]|I6[0-9]|N18|C|B18|M0[56]|G20|F0[0-3])/;
const maternal = /^(Z3[2-9]|O)/;
const closed = new Set(['resolved', 'inactive', 'remission']);
const statusOf = (condition: Json): string =>
  (list((condition.clinicalStatus as Json | undefined)?.coding)[0]?.code as string | undefined) ?? 'active';

type Facts = {
  patients: Stored[];
  conditions: Stored[];
  allergies: Stored[];
  medicines: Stored[];
  bloodTypes: Stored[];
};

/** The front page (国卫办基层发〔2024〕15号): banner, marks, basic information, problems, medicines, identities. Pure. */
export function frontPage(
  record: OpenRecord,
  facts: Facts,
  counts: Resident360['counts'],
  directory: Directory,
  now: number,
): Resident360 {
  const { sources } = record;
  const birthDate = newest(sources, 'birthDate');
  const deceased = newest(sources, 'deceased');
  // Oldest first: a mark stands since it was first said.
  const conditions = facts.conditions
    .toReversed()
    .map((stored) => ({ stored, resource: JSON.parse(stored.body) as Json }));
  const allergies = facts.allergies.map((stored) => ({ stored, resource: JSON.parse(stored.body) as Json }));
  const since = ({ occurred, recorded }: Stored): string | null => (occurred ?? recorded)?.toISOString() ?? null;
  const marks: Resident360['marks'] = [];
  const mark = (kind: Resident360['marks'][0]['kind'], zh: string, en: string, stored?: Stored): void => {
    if (!marks.some((known) => known.kind === kind && known.zh === zh))
      marks.push({
        kind,
        zh,
        en,
        since: stored ? since(stored) : null,
        source: stored ? { resourceType: stored.type, id: stored.id } : null,
      });
  };
  const age = ageAt(birthDate, now);
  if (deceased) mark('deceased', '已故', 'Deceased');
  if (age && (age.unit !== 'years' || age.count < 7)) mark('child', '0–6 岁儿童', 'Child under 7');
  if (age?.unit === 'years' && age.count >= 65) mark('elder', '65 岁及以上老年人', '65 or older');
  for (const { stored, resource } of conditions) {
    const code = icd10Of(resource);
    const title = words(resource.code);
    if (!code || !title || closed.has(statusOf(resource))) continue;
    if (maternal.test(code)) mark('maternal', '孕产妇', 'Pregnancy or childbirth', stored);
    else if (isNotifiable(code)) mark('notifiable', title.zh, title.en, stored);
    else if (chronic.test(code)) mark('chronic', title.zh, title.en, stored);
  }
  for (const { stored, resource } of allergies) {
    const title = words(resource.code);
    if (title) mark('allergy', `过敏：${title.zh}`, `Allergy: ${title.en}`, stored);
  }
  const blood =
    facts.bloodTypes
      .map(({ body }) => JSON.parse(body) as Json)
      .map(
        ({ valueCodeableConcept, valueString }) =>
          words(valueCodeableConcept)?.zh ?? (valueString as string | undefined),
      )
      .find(Boolean) ?? null;
  const number = newest(sources, 'number');
  const phone = newest(sources, 'phone');
  return {
    id: publicId(record.resident),
    access: groundOf(record.access),
    banner: {
      name: newest(sources, 'name') ?? '',
      sex: newest(sources, 'sex') ?? 'unknown',
      birthDate,
      ...ageTexts(age),
      number: number && maskNumber(number),
      phone: phone && maskPhone(phone),
      address: newest(sources, 'address'),
      ethnicGroup: newest(sources, 'ethnicGroup'),
      bloodType: blood,
      allergies: distinctAllergies(allergies.map(({ resource }) => resource)),
      deceased: deceased === 'true' ? '' : deceased,
    },
    marks,
    identities: sources.map(({ institution, localId, since: first, how }) => ({
      institution: institutionName(directory, institution),
      localId,
      since: first.toISOString(),
      how,
    })),
    problems: distinctProblems(conditions, directory),
    medicines: facts.medicines.slice(0, 30).flatMap((stored) => {
      const resource = JSON.parse(stored.body) as Json;
      const title =
        words(resource.medicationCodeableConcept) ??
        (typeof (resource.medicationReference as Json | undefined)?.display === 'string'
          ? {
              zh: String((resource.medicationReference as Json).display),
              en: String((resource.medicationReference as Json).display),
            }
          : null);
      return title
        ? [
            {
              ...title,
              dose: (list(resource.dosageInstruction)[0]?.text as string | undefined) ?? null,
              since: since(stored),
              status: String(resource.status ?? 'unknown'),
              institution: institutionName(directory, stored.institution).nameZh,
            },
          ]
        : [];
    }),
    counts,
  };
}

/** Each substance once, however many hospitals know of it; the gravest word counts. */
function distinctAllergies(resources: Json[]): Resident360['banner']['allergies'] {
  const seen = new Map<string, Resident360['banner']['allergies'][0]>();
  for (const { code, criticality } of resources) {
    const title = words(code);
    if (!title) continue;
    const known = seen.get(title.zh);
    if (!known || criticality === 'high')
      seen.set(title.zh, { ...title, severity: (criticality as string | undefined) ?? known?.severity ?? null });
  }
  return [...seen.values()];
}

/** One line per disease: the first time it was told, by whoever told it. */
function distinctProblems(
  conditions: { stored: Stored; resource: Json }[],
  directory: Directory,
): Resident360['problems'] {
  const seen = new Map<string, Resident360['problems'][0]>();
  for (const { stored, resource } of conditions) {
    const title = words(resource.code);
    if (!title) continue;
    const code = icd10Of(resource) ?? title.zh;
    const since = (stored.occurred ?? stored.recorded)?.toISOString() ?? null;
    const known = seen.get(code);
    if (!known)
      seen.set(code, {
        code: icd10Of(resource) ?? '',
        ...title,
        since,
        status: statusOf(resource),
        institution: institutionName(directory, stored.institution).nameZh,
      });
    else if (since && (!known.since || since < known.since)) known.since = since;
  }
  return [...seen.values()];
}
