import type { City } from '../options.ts';
import type { Random } from '../random.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import type { Breakage, Planned } from './message.ts';

const BREAKAGES: Record<'hl7' | 'fhir' | 'cda', readonly Breakage[]> = {
  hl7: ['no-patient-id', 'wrong-charset', 'future-birth-date', 'unknown-event'],
  fhir: ['bad-reference', 'future-birth-date'],
  cda: ['truncated', 'future-birth-date', 'no-patient-id'],
};

/** The dirt of the wire: late, out of order, sent twice, corrected afterwards, unreadable. */
export function soil(city: City, random: Random, clean: readonly Planned[]): Planned[] {
  const sent: Planned[] = [];
  for (const message of clean) {
    const chances = (['late', 'out-of-order', 'corrected', 'duplicate', 'broken'] as const).map((kind) =>
      random.chance(city.rates[kind]),
    );
    const [late, early, corrected, twice, broken] = chances as [boolean, boolean, boolean, boolean, boolean];
    const one: Planned = { ...message };
    const note = (kind: string): void => {
      one.dirt = [...one.dirt, kind];
    };
    if (late) {
      one.at += random.between(1, 9) * DAY + random.below(600) * MINUTE;
      note('late');
    } else if (early && (message.kind === 'ADT^A04' || message.kind === 'ADT^A01' || message.kind === 'bundle:visit')) {
      // The registration waits in a queue while its results overtake it.
      one.at += random.between(2, 9) * HOUR;
      note('out-of-order');
    }
    // What follows from a broken message would only hide it: an inbox shows the first of its kind.
    if (broken && message.kind !== 'ADT^A40') {
      const kinds =
        BREAKAGES[
          message.institution.protocol === 'fhir' ? 'fhir' : message.institution.protocol === 'cda' ? 'cda' : 'hl7'
        ];
      one.broken = random.pick(kinds);
      note('broken');
    }
    sent.push(one);
    if (twice) sent.push({ ...one, at: one.at + random.between(1, 40) * MINUTE, dirt: [...one.dirt, 'duplicate'] });
    if (
      corrected &&
      message.lab &&
      (message.kind === 'ORU^R01' || message.kind === 'bundle:results') &&
      message.lab.results.some((result) => result.value !== null)
    ) {
      const at = Math.max(one.at, message.at) + random.between(1, 30) * HOUR;
      sent.push({
        ...message,
        at,
        writtenAt: at,
        controlId: `${message.controlId}C`,
        correction: true,
        dirt: [...message.dirt, 'corrected'],
      });
    }
  }
  return sent;
}
