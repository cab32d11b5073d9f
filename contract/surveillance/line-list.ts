import type { CardState } from './cards.ts';
import type { Words } from './words.ts';

/** A case without its name. `twin`: another case of this list has the same name and birth date. */
export type LineListCase = {
  id: string;
  sex: string;
  age: number | null;
  area: { code: string } & Words;
  onset: string | null;
  diagnosedAt: string;
  reportedAt: string | null;
  caseClass: string;
  state: CardState;
  institution: { nameZh: string; nameEn: string };
  twin: boolean;
  contacts: number;
};
/** Days of the filter, each with cases by onset (where one is known, else diagnosis) and by report. Bands of five years, the last open. */
export type LineList = {
  items: LineListCase[];
  total: number;
  duplicates: number;
  withoutOnset: number;
  curve: { day: string; onset: number; reported: number }[];
  pyramid: { from: number; male: number; female: number; other: number }[];
  withoutAge: number;
  diseases: (Words & { code: string })[];
  mayName: boolean;
};
/** POST /api/surveillance/line-list/names {cards}: each name is noted as opened. */
export type LineListNames = { items: { id: string; name: string; phone: string | null }[] };
