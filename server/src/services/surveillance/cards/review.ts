import type { CardAct, CardActName, CardState, CaseClass, ReviewLevel } from '../model.ts';

const hour = 3_600_000;
/** Municipalities directly under the central government have one CDC for city and province. */
const municipality = /^(11|12|31|50)/;

/** Who reviews a card, in order: the county, the city and the province of the reporting unit (GB/T 2260 code). */
export const levelsOf = (area: string): ReviewLevel[] =>
  municipality.test(area) ? ['county', 'province'] : ['county', 'city', 'province'];

export type Standing = { state: CardState; level: ReviewLevel | null };
const settled = (state: CardState): Standing => ({ state, level: null });
const isReport = ({ act }: CardAct): boolean => act === 'confirm' || act === 'correct';

/** Where a card stands: what people last decided, unless the record has moved on since. `acts` oldest first. */
export function standingOf(caseClass: CaseClass, acts: CardAct[], levels: ReviewLevel[]): Standing {
  if (caseClass === 'none') return settled('withdrawn');
  const mark = acts.findLast(({ act }) => act === 'duplicate' || act === 'undo-duplicate');
  if (mark?.act === 'duplicate') return settled('duplicate');
  const done = acts.filter(({ act }) => act !== 'duplicate' && act !== 'undo-duplicate');
  const last = done.at(-1);
  if (!last) return settled(caseClass === 'question' ? 'question' : 'pending');
  const reported = done.findLast((act) => isReport(act) || act.act === 'reject');
  // A suspected or clinical case that has turned positive comes back to the doctor, also one that was rejected.
  if (reported && reported.caseClass !== 'confirmed' && caseClass === 'confirmed') return settled('revise');
  // A question that was answered with no, and then somebody diagnosed or tested it.
  if (reported?.act === 'reject' && reported.caseClass === 'question' && caseClass !== 'question')
    return settled('pending');
  if (last.act === 'reject') return settled('rejected');
  if (last.act === 'return') return settled('returned');
  const approvals = done.length - 1 - done.findLastIndex(isReport);
  const level = levels[approvals];
  if (!level) return settled('approved');
  const passed = levels[approvals - 1];
  return { state: passed === 'county' ? 'county-approved' : passed === 'city' ? 'city-approved' : 'confirmed', level };
}

/** Until when a level has to review: 2 h where the disease has two hours, otherwise 24 h, from the step before. */
export const reviewDue = (limitHours: number, since: number): number => since + (limitHours === 2 ? 2 : 24) * hour;

const open: ReadonlySet<CardState> = new Set(['pending', 'returned', 'revise']);
const underReview: ReadonlySet<CardState> = new Set(['confirmed', 'county-approved', 'city-approved']);
export const isOpenCard = (state: CardState): boolean => open.has(state);

/** Who may do what next: doctors with open and with reported cards, the CDC with what waits for it. */
export function mayActOnCard(state: CardState, act: CardActName): boolean {
  switch (act) {
    case 'confirm':
    case 'reject':
      return open.has(state) || state === 'question';
    case 'correct':
      return underReview.has(state) || state === 'approved';
    case 'approve':
    case 'return':
      return underReview.has(state);
    case 'duplicate':
      return state !== 'duplicate' && state !== 'withdrawn' && state !== 'question';
    case 'undo-duplicate':
      return state === 'duplicate';
  }
}

/** The level at which somebody reviews: by the area of the own CDC; the region's own people stand in for each in turn. */
export function levelOfReviewer(area: string | null): ReviewLevel | 'any' {
  if (area === null) return 'any';
  if (area.endsWith('0000')) return 'province';
  return area.endsWith('00') ? (municipality.test(area) ? 'province' : 'city') : 'county';
}
/** The digits that codes in a reviewer's area begin with; '' is everywhere. */
export const reachOf = (area: string | null): string => (area === null ? '' : area.replace(/(00){1,2}$/, ''));
