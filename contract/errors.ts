/**
 * Every refusal of the platform: HTTP status, one sentence in Chinese and English, and what to do. The reference page
 * `docs/reference/errors.md` is made from this table. Sentences never quote personal data.
 */
type Row = { status: number; zh: string; en: string; fixZh?: string; fixEn?: string };

export const errors = {
  'HT-ACCESS-001': { status: 401, zh: '尚未登录', en: 'Nobody is logged in', fixZh: '请先登录', fixEn: 'Log in first' },
  'HT-ACCESS-002': {
    status: 403,
    zh: '您的角色没有此项权限',
    en: 'Your role does not have this permission',
    fixZh: '如工作需要，请联系本机构管理员',
    fixEn: 'If your work needs it, ask your administrator',
  },
  'HT-ACCESS-003': {
    status: 403,
    zh: '没有查看该居民档案的依据',
    en: 'There is no ground for opening this record',
    fixZh: '需有诊疗关系；紧急情况可说明理由后临时打开',
    fixEn: 'A care relationship is needed; in an emergency, open it with a stated reason',
  },
  'HT-ACCESS-004': {
    status: 403,
    zh: '请求缺少 X-Hutong 头，已拒绝',
    en: 'The request lacks the X-Hutong header and was refused',
    fixZh: '请从平台页面操作',
    fixEn: 'Use the platform’s own pages',
  },
  'HT-ACCESS-005': {
    status: 401,
    zh: '访问令牌无效或已过期',
    en: 'The access token is invalid or has expired',
    fixZh: '请重新获取令牌',
    fixEn: 'Obtain a new token',
  },
  'HT-ACCESS-006': {
    status: 403,
    zh: '令牌的授权范围不包含此操作',
    en: 'The token’s scopes do not cover this interaction',
    fixZh: '申请包含该资源类型的授权范围',
    fixEn: 'Ask for a scope with this resource type',
  },
  'HT-ACCESS-007': { status: 401, zh: '用户名或密码不正确', en: 'The login or password is wrong' },
  'HT-INPUT-001': {
    status: 400,
    zh: '请求内容不符合要求',
    en: 'The request is not valid',
    fixZh: '请按提示的位置修改',
    fixEn: 'Correct the place that is named',
  },
  'HT-INPUT-002': {
    status: 413,
    zh: '内容超过允许的大小',
    en: 'The content is larger than allowed',
    fixZh: '请分批发送',
    fixEn: 'Send it in parts',
  },
  'HT-INPUT-003': { status: 415, zh: '不支持这种内容类型', en: 'This content type is not supported' },
  'HT-INPUT-004': { status: 404, zh: '没有找到', en: 'Not found' },
  'HT-INPUT-005': { status: 410, zh: '已被删除', en: 'It was deleted' },
  'HT-INPUT-006': {
    status: 412,
    zh: '版本已被他人更新',
    en: 'Somebody else has changed it in between',
    fixZh: '请重新读取后再修改',
    fixEn: 'Read it again, then change it',
  },
  'HT-BORDER-001': {
    status: 422,
    zh: '消息已保存，但有错误，未进入档案',
    en: 'The message is kept, but has errors and did not enter the record',
    fixZh: '按问题清单修改后重发，或在控制台更正后重放',
    fixEn: 'Correct what the issues name and send again, or correct and replay it in the console',
  },
  'HT-BORDER-002': {
    status: 409,
    zh: '消息控制号已用于另一条内容不同的消息',
    en: 'The control id was used before for other content',
    fixZh: '新消息请使用新的控制号',
    fixEn: 'Use a new control id for a new message',
  },
  'HT-BORDER-003': {
    status: 403,
    zh: '发送方未在机构目录登记',
    en: 'The sender is not registered in the directory',
    fixZh: '请联系平台登记发送方',
    fixEn: 'Have the sender registered',
  },
  'HT-PLATFORM-001': {
    status: 503,
    zh: '平台暂时不能保存数据，未作任何更改',
    en: 'The platform cannot store data at this moment; nothing was changed',
    fixZh: '请稍后重试',
    fixEn: 'Try again later',
  },
  'HT-PLATFORM-002': {
    status: 500,
    zh: '平台内部错误',
    en: 'The platform failed',
    fixZh: '请记下追踪号并联系运维',
    fixEn: 'Note the trace id and tell the operators',
  },
  'HT-PLATFORM-003': {
    status: 429,
    zh: '请求过于频繁',
    en: 'Too many requests',
    fixZh: '请稍后再试',
    fixEn: 'Try again later',
  },
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errors;
