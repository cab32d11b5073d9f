/** The text between quotes in a source file, with `${…}` cut out of templates: enough to find imports and SQL without a compiler. */
export function literals(source: string): string[] {
  const found: string[] = [];
  let at = 0;
  const skipLine = (): void => {
    const end = source.indexOf('\n', at);
    at = end < 0 ? source.length : end;
  };
  const template = (): void => {
    let text = '';
    at++;
    while (at < source.length && source[at] !== '`') {
      if (source[at] === '\\') at += 2;
      else if (source[at] === '$' && source[at + 1] === '{') {
        at += 2;
        code('}');
        text += ' ';
      } else text += source[at++];
    }
    at++;
    found.push(text);
  };
  const quoted = (quote: string): void => {
    let text = '';
    at++;
    while (at < source.length && source[at] !== quote && source[at] !== '\n') {
      if (source[at] === '\\') at++;
      text += source[at++] ?? '';
    }
    at++;
    found.push(text);
  };
  const code = (until: string | null): void => {
    let depth = 0;
    while (at < source.length) {
      const letter = source[at] as string;
      if (letter === '/' && source[at + 1] === '/') skipLine();
      else if (letter === '/' && source[at + 1] === '*') at = Math.max(at + 2, source.indexOf('*/', at + 2) + 2);
      else if (letter === '`') template();
      else if (letter === "'" || letter === '"') quoted(letter);
      else if (letter === '{') {
        depth++;
        at++;
      } else if (letter === '}') {
        at++;
        if (until === '}' && depth-- === 0) return;
      } else at++;
    }
  };
  code(null);
  return found;
}
