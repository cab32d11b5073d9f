/** Parts of a business key in one text; `|` and `%` inside a part are written `%7C` and `%25`. Empty leading parts fall off. */
export function keyText(...parts: string[]): string {
  const from = parts.findIndex((part) => part !== '');
  if (from < 0) return '';
  return parts
    .slice(from)
    .map((part) => part.replaceAll('%', '%25').replaceAll('|', '%7C'))
    .join('|');
}
