import { chooseLanguage, useLanguage } from '../app/language.ts';
import { useShellWords } from './words.ts';

export function LanguageSwitch() {
  const language = useLanguage();
  const say = useShellWords();
  return (
    <fieldset className="language">
      <legend className="unseen">{say('language')}</legend>
      <button type="button" lang="zh-CN" aria-pressed={language === 'zh-CN'} onClick={() => chooseLanguage('zh-CN')}>
        中文
      </button>
      <button type="button" lang="en" aria-pressed={language === 'en'} onClick={() => chooseLanguage('en')}>
        English
      </button>
    </fieldset>
  );
}
