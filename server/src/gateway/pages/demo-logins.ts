import type { Role } from '@hutong/contract/console.ts';
import type { Directory } from '../../core/directory/index.ts';

/** The demo's people: one readable login per role. They exist in demo mode only; elsewhere the start is refused while one of them remains. */
export type DemoLogin = {
  role: Role;
  login: string;
  password: string;
  nameZh: string;
  nameEn: string;
  doesZh: string;
  doesEn: string;
  startAt: string;
  works: 'hospital' | 'community' | null;
};

export const demoLogins: readonly DemoLogin[] = [
  {
    role: 'integrator',
    login: 'integrator',
    password: 'hutong-demo',
    nameZh: '信息科 周敏',
    nameEn: 'Zhou Min, hospital IT',
    doesZh: '看接口是否健康，修好没看懂的消息',
    doesEn: 'Watches the hospital’s connection and repairs messages that were not understood',
    startAt: '/connections',
    works: 'hospital',
  },
  {
    role: 'clinician',
    login: 'clinician',
    password: 'hutong-demo',
    nameZh: '内科 陈立医生',
    nameEn: 'Dr Chen Li, internal medicine',
    doesZh: '打开居民的一份档案：各家医院的就诊与结果',
    doesEn: 'Opens one resident’s record: visits and results of every hospital',
    startAt: '/residents',
    works: 'hospital',
  },
  {
    role: 'primary-care',
    login: 'primary-care',
    password: 'hutong-demo',
    nameZh: '社区 吴倩医生',
    nameEn: 'Dr Wu Qian, community health',
    doesZh: '查看签约居民的档案与近期结果',
    doesEn: 'Sees the records and recent results of residents in her care',
    startAt: '/residents',
    works: 'community',
  },
  {
    role: 'prevention',
    login: 'prevention',
    password: 'hutong-demo',
    nameZh: '预防保健科 秦雯',
    nameEn: 'Qin Wen, prevention office',
    doesZh: '看本院哪些传染病诊断还没有报卡，补报或退给医生',
    doesEn: 'Sees which notifiable diagnoses of the hospital lack a report, and reports them',
    startAt: '/missed-reports',
    works: 'hospital',
  },
  {
    role: 'epidemiologist',
    login: 'epidemiologist',
    password: 'hutong-demo',
    nameZh: '疾控 郑涛',
    nameEn: 'Zheng Tao, CDC',
    doesZh: '看今天该先处理哪条预警，一步步核实到结案',
    doesEn: 'Sees which alert comes first today and takes it to its end',
    startAt: '/signals',
    works: null,
  },
  {
    role: 'administrator',
    login: 'administrator',
    password: 'hutong-demo',
    nameZh: '卫健委 何静',
    nameEn: 'He Jing, health commission',
    doesZh: '看哪些机构已接入、报送是否及时',
    doesEn: 'Sees which institutions are connected and how timely they are',
    startAt: '/connections',
    works: null,
  },
  {
    role: 'auditor',
    login: 'auditor',
    password: 'hutong-demo',
    nameZh: '审计 孙岩',
    nameEn: 'Sun Yan, audit',
    doesZh: '核验审计链：谁看过、有没有被改过',
    doesEn: 'Verifies the audit chain: who looked, and whether anything was altered',
    startAt: '/operations',
    works: null,
  },
  {
    role: 'operator',
    login: 'operator',
    password: 'hutong-demo',
    nameZh: '运维 梁宇',
    nameEn: 'Liang Yu, operations',
    doesZh: '看队列、游标、存储与版本',
    doesEn: 'Watches queues, cursors, storage and versions',
    startAt: '/operations',
    works: null,
  },
  {
    role: 'resident',
    login: 'resident',
    password: 'hutong-demo',
    nameZh: '居民本人（手机）',
    nameEn: 'A resident, on the phone',
    doesZh: '出示健康码、替家人亮码，看谁扫过我、谁看过我的档案',
    doesEn: 'Shows the health code, also for the family; sees who scanned it and who looked at the record',
    startAt: '/resident/',
    works: null,
  },
];

/**
 * Gives each demo person a role, and a workplace where there is something to see.
 * @param busiest institutions by what they have sent, most first
 */
export async function registerDemoStaff(directory: Directory, busiest: number[]): Promise<void> {
  const rank = new Map(busiest.map((id, at) => [id, at]));
  const all = directory.institutions().toSorted((a, b) => (rank.get(a.id) ?? 1e9) - (rank.get(b.id) ?? 1e9));
  const hospital =
    all.find(({ kind, senders }) => kind === 'hospital' && senders.some(({ protocol }) => protocol === 'hl7v2-mllp')) ??
    all.find(({ kind }) => kind === 'hospital');
  const community = all.find(({ kind }) => kind === 'community' || kind === 'township');
  const placeOf = (works: DemoLogin['works']): number | null =>
    works === 'hospital' ? (hospital?.id ?? null) : works === 'community' ? (community?.id ?? null) : null;
  await directory.registerStaff(
    demoLogins
      .filter(({ role }) => role !== 'resident')
      .map(({ login, nameZh, nameEn, role, works }) => ({
        login,
        nameZh,
        nameEn,
        role,
        institution: placeOf(works),
      })),
  );
}
