/**
 * @hutong/china: resident numbers and papers, area codes, Chinese names, SM2/SM3/SM4, the national e-health card.
 * Pure: time is an argument, nothing reads files or networks; only key generation and SM2 signing draw randomness.
 */
export { type Area, areaAt, areaFullName, areaHistory, chongqingAreas } from './areas/areas.ts';
export { PROVINCES } from './areas/provinces.ts';
export { isSyntheticArea, SYNTHETIC_AREA, SYNTHETIC_AREAS } from './areas/synthetic.ts';
export { checkDigit } from './check-digit.ts';
export { nodeCrypto } from './crypto/node-provider.ts';
export {
  type CryptoProvider,
  DEFAULT_SIGNER_ID,
  type Sm2KeyPair,
  type Sm2SignOptions,
  type Sm4GcmOptions,
  type Sm4Mode,
  type Sm4Options,
} from './crypto/provider.ts';
export { sm2SignatureFromDer, sm2SignatureToDer } from './crypto/signature-der.ts';
export { hmacSm3, sm3, sm3Hex } from './crypto/sm3.ts';
export {
  DOCUMENT_CODES,
  DOCUMENT_NAMES,
  type DocumentCodeSource,
  type DocumentType,
} from './documents/document-types.ts';
export type { DocumentReason, DocumentValue } from './documents/document-value.ts';
export { parseDocument } from './documents/parse-document.ts';
export { parseDocumentNumber } from './documents/parse-number.ts';
export * from './ehealth-card.ts';
export { maskName, maskNumber, maskPhone } from './mask.ts';
export { foldCharacter } from './names/fold-character.ts';
export { type FoldedName, foldName } from './names/fold-name.ts';
export { lookAlikes, looksAlike } from './names/look-alikes.ts';
export { namesAgree } from './names/names-agree.ts';
export { type NewbornName, parseNewbornName } from './names/newborn.ts';
export {
  characterReadings,
  type NameReadings,
  nameReadings,
  readingKeys,
  surnameReadings,
} from './names/readings.ts';
export { soundClass } from './names/sound-class.ts';
export { isSurnameRewrite, surnameForms } from './names/surname-forms.ts';
export { isCompoundSurname, type NameParts, splitName } from './names/surnames.ts';
export { normaliseNumber } from './normalise-number.ts';
export type { Parsed, Refused } from './parsed.ts';
export {
  makeResidentNumber,
  parseResidentNumber,
  type ResidentNumber,
  type ResidentNumberKind,
  type ResidentNumberReason,
  toNumber15,
} from './resident-number.ts';
