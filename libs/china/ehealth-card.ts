/** The national e-health card (2017 technical specification, SM3/SM4), bit for bit. */
export {
  type CardIdentity,
  type CardIdLength,
  cardId,
  dispersionFactor,
  masterIndexId,
  openCardId,
  userKey,
} from './ecard/card-id.ts';
export {
  type CardCode,
  type CardCodeReason,
  dynamicCode,
  parseCardCode,
  staticCode,
  temporaryCode,
} from './ecard/code-text.ts';
export { judgeValidity, type ValidityJudgement } from './ecard/judge-validity.ts';
export { openValidity, sealValidity } from './ecard/validity.ts';
