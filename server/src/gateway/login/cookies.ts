/** The value of a cookie in a request; the first one wins. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** A cookie that scripts cannot read and that other sites' forms do not carry. `seconds` 0 removes it; undefined: until the browser closes. */
export const writeCookie = (
  name: string,
  value: string,
  options: { path: string; secure: boolean; seconds?: number },
): string =>
  [
    `${name}=${value}`,
    `Path=${options.path}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(options.secure ? ['Secure'] : []),
    ...(options.seconds === undefined ? [] : [`Max-Age=${options.seconds}`]),
  ].join('; ');
