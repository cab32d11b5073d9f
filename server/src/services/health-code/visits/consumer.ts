import type { Consumer, DomainEvent } from '../../../core/events/index.ts';
import type { Identity } from '../../../core/identity/index.ts';
import { shardOfPerson, typeNumber } from '../../../core/store/index.ts';
import { emptyExpected, insertExpected, isAnyExpected, meetExpected } from './tables.ts';

const patient = typeNumber('Patient');
/** "Other" says nothing about care, so nothing has to follow. */
const noCare = '000000';

type Told = DomainEvent & { subject: bigint; institution: number };
const named = (event: DomainEvent): event is Told => event.subject !== null && event.institution !== null;

/** Who the person is says nothing about a visit; everything else that is sent about them does. */
const isAboutCare = ({ payload }: DomainEvent): boolean =>
  ((payload as { keys?: [string, number][] }).keys ?? []).some(([, type]) => type !== patient);

/**
 * Visit detection: a scan at a counter expects that institution to send something about the person; what it sends answers it. What is never answered
 * shows a counter whose visits do not arrive.
 */
export function openVisits(identity: Pick<Identity, 'residentsOf'>): Consumer {
  return {
    name: 'expected-visits',
    async handle(events, client) {
      const told = events.filter(named);
      const scans = told.filter(
        ({ kind, payload }) => kind === 'code-scanned' && (payload as { step?: string }).step !== noCare,
      );
      const sent = told.filter((event) => event.kind === 'record-written' && isAboutCare(event));
      if (scans.length + sent.length === 0) return;
      // Most of what is sent answers no scan: whose it is need not be asked where nothing is expected.
      if (scans.length === 0 && !(await isAnyExpected(client, [...new Set(sent.map((event) => event.institution))])))
        return;
      const residents = await identity.residentsOf([...new Set([...scans, ...sent].map(({ subject }) => subject))]);
      const residentOf = ({ subject }: Told): bigint => residents.get(subject) ?? subject;
      if (scans.length > 0)
        await insertExpected(
          client,
          scans.map((event) => {
            const { step = noCare, channel = '99', kind = 'own' } = event.payload as Record<string, string | undefined>;
            const { subject, institution, at } = event;
            return {
              subject,
              institution,
              at: new Date(at),
              resident: residentOf(event),
              shard: shardOfPerson(subject),
              step,
              channel,
              kind,
            };
          }),
        );
      if (sent.length > 0)
        await meetExpected(
          client,
          sent.map((event) => ({
            resident: residentOf(event),
            institution: event.institution,
            at: new Date(event.at),
          })),
        );
    },
    reset: emptyExpected,
  };
}
