/**
 * The city: a deterministic Chongqing-like region that talks as real institutions do. Nobody in it exists: numbers use areas
 * that were never issued, telephones a prefix that no subscriber has, hospitals a word that no real one carries.
 */

export type { DemoResident } from './demo-residents.ts';
export { demoResidents } from './demo-residents.ts';
export type { DirtKind } from './dirt/rates.ts';
export { DIRT_KINDS, ratesAt } from './dirt/rates.ts';
export { feverCase } from './fever-case.ts';
export { generateCity } from './generate-city.ts';
export type { CityMessage, MessageKind, Truth } from './messages/message.ts';
export type { CityOptions } from './options.ts';
export type { OutbreakKind } from './outbreaks/orders.ts';
export { OUTBREAK_KINDS } from './outbreaks/orders.ts';
export { residentAt } from './people/households.ts';
export type { Address, Resident } from './people/resident.ts';
export type { Institution, Protocol, Quirks } from './places/institutions.ts';
export { cityInstitutions } from './places/institutions.ts';
export type { CodeRow } from './places/local-codes.ts';
export { codeTable } from './places/local-codes.ts';
