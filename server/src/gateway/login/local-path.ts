/**
 * The place to go after the login, if it is one of ours; else the front page. Browsers read `\` as `/` and drop tabs and
 * newlines, so that `//host`, `/\host` and `/<tab>/host` would all leave (OWASP: unvalidated redirects).
 */
export function localPath(to: string | undefined): string {
  if (!to || to.length > 2000 || !/^\/(?![/\\])/.test(to)) return '/';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are what must not pass
  if (/[\u0000-\u0020\u007f\\]/.test(to)) return '/';
  const here = 'http://here.invalid';
  const url = URL.parse(to, here);
  // Dots are taken out by the reader of a URL: `/.//host` becomes `//host`.
  return url && url.origin === here && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : '/';
}
