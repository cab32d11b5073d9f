import type { Connection, Institution, Session, Tour } from '@hutong/contract/console.ts';

/** A repeatable generator (mulberry32), so that two looks at a screen differ only by what was changed in it. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const areas = [
  ['500103', '渝中区', 'Yuzhong'],
  ['500105', '江北区', 'Jiangbei'],
  ['500106', '沙坪坝区', 'Shapingba'],
  ['500108', '南岸区', 'Nan’an'],
  ['500109', '北碚区', 'Beibei'],
  ['500101', '万州区', 'Wanzhou'],
  ['500243', '彭水苗族土家族自治县', 'Pengshui Miao and Tujia Autonomous County'],
] as const;
const kinds = [
  [3, 'hospital', '第一人民医院', 'First People’s Hospital', 'hl7v2-mllp'],
  [3, 'maternal-child', '妇幼保健院', 'Maternal and Child Hospital', 'fhir'],
  [2, 'tcm', '中医院', 'Hospital of Chinese Medicine', 'cda'],
  [2, 'hospital', '人民医院发热门诊', 'People’s Hospital Fever Clinic', 'hl7v2-http'],
  [1, 'community', '社区卫生服务中心', 'Community Health Centre', 'files'],
] as const;

export const institutions: Institution[] = areas.flatMap(([area, areaZh, areaEn]) =>
  kinds.map(
    ([tier, kind, nameZh, nameEn, protocol], index): Institution => ({
      code: `${area}${String(index + 1).padStart(4, '0')}`,
      nameZh: `${areaZh}${nameZh}`,
      nameEn: `${areaEn} ${nameEn}`,
      tier,
      kind,
      area,
      areaZh,
      areaEn,
      protocol: area === '500243' && index === 4 ? null : protocol,
    }),
  ),
);

export const short = ({ code, nameZh, nameEn }: Institution) => ({ code, nameZh, nameEn });

const random = chance(7);
export const connections = (now: number): Connection[] =>
  institutions
    .filter((item) => item.protocol !== null)
    .map((item, index): Connection => {
      const state =
        index === 3 || index === 17 ? 'failing' : index === 8 ? 'never' : index % 9 === 5 ? 'quiet' : 'healthy';
      const size = item.tier === 3 ? 380 : item.tier === 2 ? 120 : 25;
      const hourly = Array.from({ length: 24 }, (_, hour) =>
        state === 'never'
          ? 0
          : Math.round(
              size *
                (0.15 + Math.max(0, Math.sin(((hour - 2) / 24) * Math.PI * 2))) *
                random() *
                (state === 'quiet' && hour > 15 ? 0 : 1),
            ),
      );
      const taken = hourly.reduce((sum, value) => sum + value, 0);
      return {
        institution: { ...short(item), area: item.areaZh, tier: item.tier },
        protocol: item.protocol!,
        lastMessageAt:
          state === 'never'
            ? null
            : new Date(now - (state === 'quiet' ? 8 * 3_600_000 : random() * 600_000)).toISOString(),
        taken,
        held: state === 'failing' ? Math.round(taken * 0.2) : Math.round(random() * 4),
        refused: state === 'failing' ? 38 : 0,
        duplicates: Math.round(taken * 0.01),
        delaySeconds: state === 'never' ? null : Math.round(random() * (item.tier === 1 ? 40_000 : 90)) + 0.4,
        hourly,
        state,
      };
    });

export const logins: Tour['logins'] = [
  {
    role: 'clinician',
    login: 'chen',
    nameZh: '陈思远 · 渝中区第一人民医院',
    nameEn: 'Chen Siyuan · Yuzhong First People’s Hospital',
    doesZh: '检索居民，打开全院内外的健康档案，看各医院的化验画在同一条轴上。',
    doesEn: 'Finds residents, opens the record from all hospitals, sees laboratory values on one axis.',
    startAt: '/residents',
  },
  {
    role: 'integrator',
    login: 'lin',
    nameZh: '林工 · 渝中区第一人民医院',
    nameEn: 'Lin · Yuzhong First People’s Hospital',
    doesZh: '看本院接口是否健康，修好被留住的消息并重放。',
    doesEn: 'Watches the hospital’s interfaces, repairs and replays held messages.',
    startAt: '/connections',
  },
  {
    role: 'operator',
    login: 'wu',
    nameZh: '吴运维 · 市卫生健康委',
    nameEn: 'Wu · Health commission',
    doesZh: '看队列、事件消费、存储，验证审计链。',
    doesEn: 'Watches queues, consumers and storage; verifies the audit chain.',
    startAt: '/operations',
  },
  {
    role: 'epidemiologist',
    login: 'zhou',
    nameZh: '周流调 · 市疾控中心',
    nameEn: 'Zhou · Centre for disease control',
    doesZh: '因公共卫生职责查看法定传染病病例的档案。',
    doesEn: 'Opens records of notifiable cases on public-health grounds.',
    startAt: '/residents',
  },
  {
    role: 'administrator',
    login: 'tang',
    nameZh: '唐主任 · 市卫生健康委',
    nameEn: 'Tang · Health commission',
    doesZh: '看全市机构接入情况与机构目录。',
    doesEn: 'Sees how the city’s institutions are connected.',
    startAt: '/connections',
  },
];

const permissions: Record<string, string[]> = {
  integrator: ['connections.read', 'inbox.read', 'inbox.repair', 'directory.read'],
  clinician: ['residents.search', 'record.read', 'record.break-glass', 'record.looks', 'directory.read'],
  epidemiologist: ['residents.search', 'record.read', 'record.looks', 'directory.read'],
  administrator: ['connections.read', 'directory.read', 'directory.write'],
  operator: ['connections.read', 'inbox.read', 'operations.read', 'operations.act', 'directory.read'],
};

export function sessionOf(login: string): Session | null {
  const found = logins.find((candidate) => candidate.login === login);
  if (!found) return null;
  const own = found.role === 'clinician' || found.role === 'integrator';
  return {
    id: login,
    nameZh: found.nameZh.split(' ')[0]!,
    nameEn: found.nameEn.split(' ·')[0]!,
    role: found.role,
    institution: own ? short(institutions[0]!) : null,
    permissions: permissions[found.role] ?? [],
    demo: true,
  };
}
