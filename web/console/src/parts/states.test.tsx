import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '../app/api.ts';
import { i18n } from '../app/language.ts';
import { Badge } from './badge.tsx';
import { Failure } from './states.tsx';

const problem = new Problem(
  503,
  {
    code: 'HT-PLATFORM-001',
    zh: '平台暂时不能保存数据',
    en: 'The platform cannot store data',
    fix: { zh: '请稍后重试', en: 'Try again later' },
    traceId: 'tr-42',
  },
  null,
);
const textOf = (markup: string): string => markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

afterEach(() => i18n.changeLanguage('zh-CN'));

describe('a failure', () => {
  it('says the sentence, what to do, the code and the trace id in the reader’s language', async () => {
    expect(textOf(renderToStaticMarkup(<Failure failure={problem} />))).toMatch(
      /平台暂时不能保存数据.*请稍后重试.*HT-PLATFORM-001.*tr-42/,
    );
    await i18n.changeLanguage('en');
    const english = textOf(renderToStaticMarkup(<Failure failure={problem} />));
    expect(english).toMatch(/The platform cannot store data.*Try again later.*HT-PLATFORM-001.*tr-42/);
    expect(english).not.toMatch(/\p{Script=Han}/u);
  });

  it('is announced at once and offers a retry only when there is one', () => {
    expect(renderToStaticMarkup(<Failure failure={problem} />)).toMatch(
      /^<section class="failure" role="alert">(?!.*<button)/,
    );
    expect(renderToStaticMarkup(<Failure failure={problem} retry={() => undefined} />)).toContain('<button');
  });
});

it('gives each tone a sign of its own beside its colour', () => {
  const signs = (['good', 'bad', 'warn', 'info', 'plain'] as const).map((tone) =>
    textOf(renderToStaticMarkup(<Badge tone={tone}>x</Badge>)).trim(),
  );
  expect(new Set(signs).size).toBe(5);
});
