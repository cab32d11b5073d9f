export type Language = 'zh' | 'en';

/** What the login pages say. */
export const words = {
  title: { zh: '登录互通', en: 'Log in to Hutong' },
  subtitle: { zh: '区域全民健康信息平台 · 工作人员入口', en: 'Regional health information platform · staff' },
  login: { zh: '用户名', en: 'Login' },
  password: { zh: '密码', en: 'Password' },
  enter: { zh: '登录', en: 'Log in' },
  enterAs: { zh: '以“{name}”登录', en: 'Log in as {name}' },
  wrong: {
    zh: '用户名或密码不正确。多次失败后，账号会暂时停用。',
    en: 'The login or password is wrong. After several failures an account is closed for a while.',
  },
  busy: {
    zh: '此刻登录的人太多，请稍后再试。',
    en: 'Too many people are logging in at this moment. Try again shortly.',
  },
  mustChange: {
    zh: '这是首次使用的密码，请换成自己的密码。',
    en: 'This password was given to you. Choose one of your own.',
  },
  newPassword: {
    zh: '新密码（至少 12 个字符，不含用户名）',
    en: 'New password (12 characters or more, without the login)',
  },
  again: { zh: '再输入一次新密码', en: 'The new password again' },
  change: { zh: '更换密码并登录', en: 'Change it and log in' },
  weak: {
    zh: '新密码太短、太简单、包含用户名，或与现在的密码相同。',
    en: 'The new password is too short, too simple, contains the login, or is the present one.',
  },
  different: { zh: '两次输入的新密码不一致。', en: 'The two new passwords differ.' },
  demoTitle: { zh: '演示账号', en: 'Demo accounts' },
  demoText: {
    zh: '这里是演示环境：居民和病历都是虚构的，密码公开。选一个角色：',
    en: 'This is a demonstration: residents and records are invented, passwords are public. Choose a role:',
  },
  expired: {
    zh: '这次登录已过期或不是在本浏览器开始的。',
    en: 'This login has expired, or did not begin in this browser.',
  },
  denied: { zh: '身份认证服务没有同意这次登录。', en: 'The identity provider did not agree to this login.' },
  invalid: {
    zh: '身份认证服务的答复未通过核验，登录已中止。',
    en: 'The identity provider’s answer could not be verified; the login was stopped.',
  },
  away: { zh: '身份认证服务暂时没有回应。', en: 'The identity provider does not answer at this moment.' },
  unknownStaff: {
    zh: '您已通过身份认证，但本平台的人员目录里没有您，或您已停用。请联系本机构管理员登记。',
    en: 'Your identity was confirmed, but the platform’s staff directory does not list you, or no longer does. Ask your administrator to register you.',
  },
  storage: {
    zh: '平台暂时不能保存数据，无法登录。',
    en: 'The platform cannot store data at this moment, so nobody can log in.',
  },
  failed: { zh: '登录没有成功', en: 'The login did not succeed' },
  retry: { zh: '重新登录', en: 'Log in again' },
  other: { zh: 'English', en: '中文' },
} as const satisfies Record<string, Record<Language, string>>;

export type Word = keyof typeof words;

/** The first of: what was chosen on the page, what the console asked for, the cookie, the browser's first wish; Chinese otherwise. */
export function languageOf(wishes: readonly (string | undefined)[]): Language {
  for (const wish of wishes) {
    if (!wish) continue;
    if (/^en\b/i.test(wish)) return 'en';
    if (/^zh\b/i.test(wish)) return 'zh';
  }
  return 'zh';
}
