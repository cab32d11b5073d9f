import { type Language, type Word, words } from './words.ts';

export const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? sign,
  );

const mark =
  '<svg class="mark" viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" rx="9" fill="#0b4f47"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"><path d="M10 9h20M10 31h20"/><path d="M15 9v7.5a3.5 3.5 0 0 0 3.5 3.5H30"/><path d="M25 31v-7.5a3.5 3.5 0 0 0-3.5-3.5H10"/></g><circle cx="20" cy="20" r="3.2" fill="#e0573c"/></svg>';

const frame = (language: Language, title: string, body: string, other: string | null): string => `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#0b4f47">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/oidc/page.css">
</head>
<body>
<main>
<header>${mark}<div><h1>${escapeHtml(title)}</h1><p>${words.subtitle[language]}</p></div></header>
${body}
</main>
${other ? `<footer><a href="${escapeHtml(other)}" lang="${language === 'zh' ? 'en' : 'zh-CN'}">${words.other[language]}</a></footer>` : ''}
</body>
</html>`;

export type DemoAccount = { login: string; password: string; nameZh: string; nameEn: string };

export type LoginPage = {
  language: Language;
  /** What is in the fields; the password is filled only with a demo one. */
  login: string;
  password: string;
  /** Shown above the fields, and read out. */
  problem: Word | null;
  mustChange: boolean;
  demo: readonly DemoAccount[];
};

export function loginPage({ language, login, password, problem, mustChange, demo }: LoginPage): string {
  const say = (word: Word): string => words[word][language];
  const nameOf = (account: DemoAccount): string => (language === 'zh' ? account.nameZh : account.nameEn);
  const chosen = demo.find((account) => account.login === login && account.password === password);
  const ready = Boolean(chosen) && !mustChange;
  const field = (name: string, label: Word, type: string, value: string, complete: string, focus: boolean): string =>
    `<label for="${name}">${say(label)}</label><input id="${name}" name="${name}" type="${type}" value="${escapeHtml(value)}" autocomplete="${complete}" maxlength="200" required${problem ? ' aria-describedby="problem"' : ''}${focus ? ' autofocus' : ''}${name === 'login' ? ' autocapitalize="none" spellcheck="false"' : ''}>`;
  const form = `<form method="post" action="?lang=${language}">
${problem ? `<p id="problem" class="problem" role="alert">${say(problem)}</p>` : ''}
${field('login', 'login', 'text', login, 'username', !login)}
${field('password', 'password', 'password', password, 'current-password', Boolean(login) && !ready)}
${mustChange ? field('new', 'newPassword', 'password', '', 'new-password', false) + field('again', 'again', 'password', '', 'new-password', false) : ''}
<button type="submit"${ready ? ' autofocus' : ''}>${escapeHtml(mustChange ? say('change') : chosen ? say('enterAs').replace('{name}', nameOf(chosen)) : say('enter'))}</button>
</form>`;
  const list =
    demo.length === 0 || mustChange
      ? ''
      : `<section aria-labelledby="demo"><h2 id="demo">${say('demoTitle')}</h2><p>${say('demoText')}</p><ul>${demo
          .map(
            (account) =>
              `<li><a href="?lang=${language}&amp;as=${encodeURIComponent(account.login)}"${account === chosen ? ' aria-current="true"' : ''}><span>${escapeHtml(nameOf(account))}</span> <code>${escapeHtml(account.login)}</code> <code>${escapeHtml(account.password)}</code></a></li>`,
          )
          .join('')}</ul></section>`;
  const back = demo.length > 0 && login ? `&as=${encodeURIComponent(login)}` : '';
  return frame(
    language,
    say('title'),
    form + list,
    mustChange ? null : `?lang=${language === 'zh' ? 'en' : 'zh'}${back}`,
  );
}

/** Why a login ended, and the way to begin again. */
export const failurePage = (language: Language, why: Word): string =>
  frame(
    language,
    words.failed[language],
    `<p class="problem" role="alert">${words[why][language]}</p><p><a class="button" href="/login?lang=${language}">${words.retry[language]}</a></p>`,
    null,
  );

/** No script at all, no foreign host; the stylesheet and its fonts are ours. */
export const pageHeaders: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
};
