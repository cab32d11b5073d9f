import type { CardRegistration } from '@hutong/contract/health-code.ts';

const most = 100;

/** Lines of `kind of document, number, name, telephone`; commas of either width or tabs, as they are pasted from a sheet. Empty lines are passed over. */
export function readPeople(text: string): { people: CardRegistration[] } | { line: number } {
  const people: CardRegistration[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [type = '', number = '', name = '', phone = ''] = line.split(/[,，\t]/).map((cell) => cell.trim());
    if (!/^\d{2}$/.test(type) || number === '' || name === '') return { line: at + 1 };
    people.push({ documentType: type, documentNumber: number, name, ...(phone && { phone }) });
    if (people.length > most) return { line: most + 1 };
  }
  return { people };
}
