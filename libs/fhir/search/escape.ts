// "\," "\$" "\|" and "\\" stand for the character itself (http://hl7.org/fhir/R4/search.html#escaping).

/** Splits at an unescaped separator; the parts keep their escapes. */
export function splitEscaped(s: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < s.length; i++) {
    if (s[i] === '\\') i++;
    else if (s[i] === separator) {
      parts.push(s.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(s.slice(from));
  return parts;
}

export function unescaped(s: string): string {
  return s.includes('\\') ? s.replace(/\\([,$|\\])/g, '$1') : s;
}
