import type { Resident360 } from '@hutong/contract/console.ts';
import type { ReactNode } from 'react';
import { day, useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { useRecordWords } from './words.ts';

const markTones: Record<Resident360['marks'][number]['kind'], Tone> = {
  maternal: 'info',
  child: 'info',
  elder: 'plain',
  chronic: 'warn',
  notifiable: 'bad',
  allergy: 'bad',
  deceased: 'plain',
};

/** FHIR's own status codes of Condition and of MedicationRequest and MedicationStatement. */
const statuses = [
  'active',
  'recurrence',
  'inactive',
  'remission',
  'resolved',
  'completed',
  'stopped',
  'on-hold',
  'cancelled',
  'unknown',
] as const;

function Part({ title, empty, children }: { title: string; empty: string | null; children: ReactNode }) {
  return (
    <div className="front-part">
      <h3>{title}</h3>
      {empty === null ? children : <p className="quiet small">{empty}</p>}
    </div>
  );
}

/** The front page of the record as 国卫办基层发〔2024〕15号 orders it: identity marks, basic information, what was done. */
export function FrontPage({ record }: { record: Resident360 }) {
  const say = useRecordWords();
  const { pick, name } = useFormat();
  const { banner } = record;
  const since = (date: string | null): string => (date ? say('since', { date: day(date) }) : '');
  const statusName = (status: string): string => {
    const known = statuses.find((candidate) => candidate === status);
    return known ? say(`status.${known}`) : status;
  };
  const basics = [
    [say('idNumber'), banner.number],
    [say('phone'), banner.phone],
    [say('address'), banner.address],
    [say('ethnic'), banner.ethnicGroup],
    [say('blood'), banner.bloodType],
  ] as const;
  return (
    <section className="panel front-page" aria-labelledby="front-title">
      <h2 id="front-title">{say('frontPage')}</h2>
      <Part title={say('marks')} empty={record.marks.length === 0 ? say('noMarks') : null}>
        <ul className="front-list">
          {record.marks.map((mark) => (
            <li key={`${mark.kind} ${mark.en}`}>
              <Badge tone={markTones[mark.kind]}>{pick(mark)}</Badge>
              <span className="quiet small">
                {since(mark.since)}{' '}
                {mark.source && (
                  <code title={say('source', { source: `${mark.source.resourceType}/${mark.source.id}` })}>
                    {mark.source.resourceType}
                  </code>
                )}
              </span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title={say('basics')} empty={null}>
        <dl className="pairs small">
          {basics.map(([label, value]) => (
            <div key={label} className="pairs-row">
              <dt>{label}</dt>
              <dd>{value ?? '—'}</dd>
            </div>
          ))}
        </dl>
        <p className="quiet small">{say('masked')}</p>
      </Part>
      <Part title={say('problems')} empty={record.problems.length === 0 ? say('noProblems') : null}>
        <ul className="front-list">
          {record.problems.map((problem) => (
            <li key={`${problem.code} ${problem.institution} ${problem.since}`}>
              <span>
                {pick(problem)} <code>{problem.code}</code>
              </span>
              <span className="quiet small">
                {[since(problem.since), statusName(problem.status), problem.institution].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title={say('medicines')} empty={record.medicines.length === 0 ? say('noMedicines') : null}>
        <ul className="front-list">
          {record.medicines.map((medicine) => (
            <li key={`${medicine.en} ${medicine.institution} ${medicine.since}`}>
              <span>
                {pick(medicine)} {medicine.dose && <span className="quiet">{medicine.dose}</span>}
              </span>
              <span className="quiet small">
                {[since(medicine.since), statusName(medicine.status), medicine.institution].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title={say('identities')} empty={record.identities.length === 0 ? say('noIdentities') : null}>
        <ul className="front-list">
          {record.identities.map((identity) => (
            <li key={`${identity.institution.code} ${identity.localId}`}>
              <span>
                {name(identity.institution)} <code>{identity.localId}</code>
              </span>
              <span className="quiet small">
                {since(identity.since)} · {identity.how}
              </span>
            </li>
          ))}
        </ul>
      </Part>
    </section>
  );
}
