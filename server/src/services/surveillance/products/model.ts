export type ProductKind = 'public-notice' | 'department-notice' | 'decision-advice';
export type ProductState = 'draft' | 'submitted' | 'issued' | 'returned' | 'withdrawn';
export type ProductAct = 'edit' | 'submit' | 'sign' | 'return' | 'withdraw';
export type RiskLevel = 'low' | 'medium' | 'high' | 'very-high';
export const productKinds: readonly ProductKind[] = ['public-notice', 'department-notice', 'decision-advice'];
export const riskLevels: readonly RiskLevel[] = ['low', 'medium', 'high', 'very-high'];

/** What a draft is written from. `cases` is what the signal counts; names never stand in it. */
export type SignalFacts = {
  topic: string;
  family: string;
  area: string;
  from: string;
  to: string;
  observed: number;
  expected: number | null;
  reason: string;
  step: string;
  institutions: number;
  today: string;
};
export type Advice = { public: string; departments: string };
export type Draft = { title: string; body: string; audience: string; level: RiskLevel };
