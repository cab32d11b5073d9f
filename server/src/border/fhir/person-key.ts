import { systems } from '@hutong/contract/systems.ts';
import type { PersonKey, Resource } from '../fact.ts';

type Identifier = { system?: string; value?: string; type?: { coding?: { code?: string }[] } };

/**
 * Whom a Patient resource of an institution is about: its own number for the person (a medical record number first), else the resident
 * number, else nothing but this resource.
 * @param otherwise used when the resource names no identifier: unique to this resource
 */
export function personKeyOf(patient: Resource, otherwise: string): PersonKey {
  const identifiers = (Array.isArray(patient.identifier) ? patient.identifier : []) as Identifier[];
  const own = identifiers.filter(({ system, value }) => value && system !== systems.residentNumber);
  const chosen = own.find(({ type }) => type?.coding?.some(({ code }) => code === 'MR')) ?? own[0];
  if (chosen?.value) return { authority: chosen.system ?? '', localId: chosen.value };
  const number = identifiers.find(({ system, value }) => value && system === systems.residentNumber)?.value;
  return number
    ? { authority: systems.residentNumber, localId: number }
    : { authority: 'resource', localId: otherwise };
}
