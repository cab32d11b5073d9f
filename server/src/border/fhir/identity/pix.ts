import { systems } from '@hutong/contract/systems.ts';
import type { Call, Refusal, Reply } from '../../../core/access/index.ts';
import { publicId, type SourceRow } from '../../../core/identity/index.ts';
import { factsOf, systemScope } from '../../../core/store/index.ts';
import { localSystem } from '../../hl7v2/index.ts';
import { callerOf, covered, type FhirDoor, notCovered, outcome } from '../door.ts';
import { issue } from '../outcome.ts';
import { parametersOf } from '../terminology/parameters.ts';
import { residentSystem } from './match.ts';

/** The system in which an institution's own number stands: its own when it is an address, else ours for that institution. */
export const systemOf = (door: Pick<FhirDoor, 'directory'>, { authority, institution }: SourceRow): string =>
  /^(urn:|https?:|oid:)/.test(authority)
    ? authority
    : localSystem(door.directory.institution(institution)?.code ?? '', authority);

async function sourceOf(door: FhirDoor, system: string, value: string): Promise<SourceRow | undefined> {
  if (system === systems.residentNumber) {
    const { residents } = await door.identity.find(value, 2);
    const [resident] = residents;
    if (residents.length !== 1 || resident === undefined) return undefined;
    return (await door.identity.sources(resident)).find(({ number }) => number === value.toUpperCase());
  }
  return (await door.identity.byLocalId(value)).find((source) => systemOf(door, source) === system);
}

/**
 * Patient/$ihe-pix (IHE PIXm ITI-83): the other identifiers of whoever has this one. Answered to whoever knows the person already (a registration of its own),
 * or may trace; to everybody else the identifier is unknown, as if it did not exist.
 */
export async function crossReference(door: FhirDoor, call: Call): Promise<Reply | Refusal> {
  const caller = callerOf(call);
  if (!covered(caller, 'Patient', 's')) return notCovered('Patient');
  const given = parametersOf(call, ['sourceIdentifier', 'targetSystem']);
  call.look({ action: 'search', what: 'Patient/$ihe-pix', ground: 'identity-match' });
  if ('reply' in given) return given.reply;
  const [system, value] = (given.text('sourceIdentifier') ?? '').split('|');
  if (!system || !value)
    return outcome(400, [
      issue('required', 'sourceIdentifier', '应为 系统|号码', 'sourceIdentifier must be system|value'),
    ]);
  const source = await sourceOf(door, system, value);
  const all = source ? await door.identity.sources(source.resident) : [];
  const own = all.some(({ institution }) => institution === caller.institution);
  if (!source || !(own || (await door.identity.mayTrace(caller))))
    return outcome(404, [issue('not-found', 'sourceIdentifier', '没有此标识', 'The identifier is not known')]);
  const wanted = given.all('targetSystem').map(String);
  const targets = [
    ...all.map((one) => ({ system: systemOf(door, one), value: one.localId })),
    ...new Set(all.flatMap(({ number }) => number ?? [])),
  ].map((one) => (typeof one === 'string' ? { system: systems.residentNumber, value: one } : one));
  targets.push({ system: residentSystem, value: publicId(source.resident) });
  const chosen = targets.filter(
    (target) =>
      !(target.system === system && target.value === value) && (wanted.length === 0 || wanted.includes(target.system)),
  );
  call.look({
    action: 'search',
    what: 'Patient/$ihe-pix',
    resident: source.resident,
    ground: own ? 'own-institution' : 'identity-match',
  });
  const mine = all.filter(({ institution }) => institution === caller.institution).map(({ id }) => id);
  const patients = await factsOf(door.pool, systemScope, mine, ['Patient'], 20);
  return {
    body: {
      resourceType: 'Parameters',
      parameter: [
        ...chosen.map((valueIdentifier) => ({ name: 'targetIdentifier', valueIdentifier })),
        ...(wanted.length === 0
          ? patients.map(({ id }) => ({ name: 'targetId', valueReference: { reference: `Patient/${id}` } }))
          : []),
      ],
    },
  };
}
