import { correctionDay, identityAt, type SourceIdentity, secondRegistration } from '../dirt/source-identity.ts';
import type { Visit } from '../lives/visit.ts';
import type { City } from '../options.ts';
import { Random } from '../random.ts';
import { DAY, dayOf, HOUR, MINUTE } from '../time.ts';
import type { MessageKind, Planned } from './message.ts';
import { soil } from './soil.ts';

/** The messages that one visit gives rise to, in the protocol of its institution, with the dirt of the wire applied. */
export function planMessages(city: City, visit: Visit): Planned[] {
  const random = new Random(city.seed, `messages/${visit.id}`, visit.resident.number);
  const day = dayOf(visit.at);
  const second = secondRegistration(city, visit.resident, visit.institution);
  const useSecond = second !== null && day < second.mergedDay && random.chance(0.5);
  const identity = identityAt(city, visit.resident, visit.institution, day, useSecond);
  const writer = new Writer(visit, identity);
  if (visit.institution.protocol === 'fhir') planBundles(writer, registrationChanged(city, visit));
  else if (visit.institution.protocol === 'cda') planDocuments(writer);
  else {
    planRegistration(city, writer, random, second?.mergedDay ?? null);
    if (visit.kind === 'immunization') writer.add('VXU^V04', visit.endAt + 5 * MINUTE);
    else planHl7(writer, random, city);
  }
  return soil(city, random, writer.messages);
}

class Writer {
  visit: Visit;
  identity: SourceIdentity;
  messages: Planned[] = [];

  constructor(visit: Visit, identity: SourceIdentity) {
    this.visit = visit;
    this.identity = identity;
  }

  /** `name` distinguishes messages of one kind inside a visit; it is part of the control id and so of idempotence. */
  add(kind: MessageKind, at: number, more: Partial<Planned> & { name?: string } = {}): void {
    const { name, ...rest } = more;
    const letters = kind
      .replace(/^bundle:/, '')
      .replace(/^.*\^/, '')
      .slice(0, 4)
      .toUpperCase();
    const controlId = `${this.visit.id.replaceAll('.', '').toUpperCase()}${letters}${name ?? ''}`;
    this.messages.push({
      institution: this.visit.institution,
      at,
      writtenAt: at,
      controlId,
      kind,
      visit: this.visit,
      identity: this.identity,
      dirt: [],
      ...rest,
    });
  }
}

/** A28 when a card is made, A31 after a registration was repaired, A40 after a double registration was merged. */
function planRegistration(city: City, writer: Writer, random: Random, mergedDay: number | null): void {
  const { visit } = writer;
  const day = dayOf(visit.at);
  const at = visit.at - 6 * MINUTE;
  const fresh = random.chance(0.1);
  if (mergedDay !== null && day >= mergedDay && day < mergedDay + 120) {
    writer.add('ADT^A40', at, {
      retired: identityAt(city, visit.resident, visit.institution, day, true),
      dirt: ['second-local-id'],
    });
  } else if (registrationChanged(city, visit)) {
    writer.add('ADT^A31', at);
  } else if (fresh) writer.add('ADT^A28', at);
}

/** Whether the desk repaired the registration, or a newborn got its name, in the sixty days before the visit. */
function registrationChanged(city: City, visit: Visit): boolean {
  const { resident, institution } = visit;
  const day = dayOf(visit.at);
  if (resident.mother !== null && day >= resident.namedDay && day < resident.namedDay + 60) return true;
  const repairedDay = correctionDay(city, resident, institution);
  if (day < repairedDay || day >= repairedDay + 60) return false;
  const before = identityAt(city, resident, institution, repairedDay - 1);
  return before.dirt.some((kind) => kind !== 'other-phone' && kind !== 'other-address');
}

function planHl7(writer: Writer, random: Random, city: City): void {
  const { visit } = writer;
  const { sends, version } = visit.institution.quirks;
  const stay = visit.kind === 'inpatient';
  if (visit.kind === 'outpatient' && sends.appointments && random.chance(0.15)) {
    writer.add('SIU^S12', visit.at - random.between(1, 5) * DAY + 3 * HOUR);
  }
  if (visit.kind === 'outpatient' && visit.outbreak === null && random.chance(city.rates.cancelled)) {
    writer.add('ADT^A04', visit.at, { dirt: ['cancelled'] });
    writer.add('ADT^A11', visit.at + random.between(8, 40) * MINUTE, { dirt: ['cancelled'] });
    return;
  }
  writer.add(stay ? 'ADT^A01' : 'ADT^A04', visit.at);
  if (stay && random.chance(0.5)) writer.add('ADT^A08', visit.at + random.between(2, 20) * HOUR);
  if (sends.orders && visit.labs.length > 0) {
    for (const lab of visit.labs) {
      writer.add(version === '2.3.1' || version === '2.4' ? 'ORM^O01' : 'OML^O21', lab.collectedAt - 12 * MINUTE, {
        lab,
        name: `L${lab.serial}`,
      });
    }
  }
  for (const lab of visit.labs) writer.add('ORU^R01', lab.reportedAt, { lab, name: `L${lab.serial}` });
  for (const imaging of visit.imaging)
    writer.add('ORU^R01', imaging.reportedAt, { imaging, name: `I${imaging.serial}` });
  if (visit.prescriptions.length > 0) writer.add('RDE^O11', stay ? visit.at + 2 * HOUR : visit.endAt - 4 * MINUTE);
  if (stay || sends.notes) writer.add('MDM^T02', visit.endAt + 20 * MINUTE);
  if (stay || sends.ends) writer.add('ADT^A03', visit.endAt);
  // Discharged by mistake, taken back, discharged again.
  if (stay && !visit.died && random.chance(0.03)) {
    writer.add('ADT^A13', visit.endAt + 30 * MINUTE);
    writer.add('ADT^A03', visit.endAt + 5 * HOUR, { name: 'B' });
  }
}

function planBundles(writer: Writer, renewed: boolean): void {
  const { visit } = writer;
  const first = renewed ? { renewed } : {};
  if (visit.kind === 'inpatient') writer.add('bundle:visit', visit.at + 30 * MINUTE, { name: 'A', ...first });
  writer.add('bundle:visit', visit.endAt + 3 * MINUTE, visit.died ? { renewed: true } : first);
  for (const lab of visit.labs) writer.add('bundle:results', lab.reportedAt, { lab, name: `L${lab.serial}` });
  for (const imaging of visit.imaging) {
    writer.add('bundle:imaging', imaging.reportedAt, { imaging, name: `I${imaging.serial}` });
  }
}

function planDocuments(writer: Writer): void {
  const { visit } = writer;
  writer.add('C0002', visit.endAt + 10 * MINUTE);
  for (const lab of visit.labs) writer.add('C0007', lab.reportedAt, { lab, name: `L${lab.serial}` });
  for (const imaging of visit.imaging) writer.add('C0006', imaging.reportedAt, { imaging, name: `I${imaging.serial}` });
}
