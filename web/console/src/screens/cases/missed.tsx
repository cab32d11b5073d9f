import type { MissedPage } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { useSurveillanceWords } from '../surveillance/words.ts';
import { cardTones } from './cards.tsx';
import { sayCaseCode, useCaseWords } from './words.ts';
import './cases.css';

/** What should have been reported and was not, and how timely each institution is. */
export function MissedReports() {
  const say = useCaseWords();
  const sayShared = useSurveillanceWords();
  const { pick, name, number } = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ['missed-reports'],
    queryFn: ({ signal }) => call<MissedPage>('/surveillance/missed', { signal }),
  });
  const percent = (part: number, whole: number): string => (whole === 0 ? '—' : `${Math.round((part / whole) * 100)}%`);
  return (
    <Page title={say('missedTitle')} lead={say('missedLead')} actions={<Link to="/report-cards">{say('cards')}</Link>}>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && data.items.length === 0 && <Blank title={say('noMissed')} />}
      {data && data.items.length > 0 && (
        <DataTable
          caption={say('missedTitle')}
          rows={data.items}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'disease',
              title: say('disease'),
              isRowName: true,
              cell: (row) => (
                <>
                  <Link to="/report-cards/$id" params={{ id: row.id }}>
                    {pick(row.disease)}
                  </Link>
                  <small>{sayCaseCode(say, `group.${row.disease.class}`)}</small>
                </>
              ),
            },
            { key: 'name', title: say('name'), cell: (row) => row.name },
            { key: 'institution', title: sayShared('institution'), cell: (row) => name(row.institution) },
            {
              key: 'state',
              title: sayShared('state'),
              cell: (row) => <Badge tone={cardTones[row.state]}>{sayShared(`card.${row.state}`)}</Badge>,
            },
            {
              key: 'late',
              title: say('hoursLate'),
              align: 'right',
              cell: (row) => <Badge tone="bad">{say('lateHours', { count: number(row.hoursLate) })}</Badge>,
            },
            {
              key: 'pushes',
              title: say('pushes'),
              align: 'right',
              cell: (row) => (
                <span>
                  {number(row.pushes)}
                  {row.lastPushAt && <small>{moment(row.lastPushAt)}</small>}
                </span>
              ),
            },
            { key: 'seen', title: say('seenWord'), cell: (row) => say(row.seen ? 'yes' : 'no') },
          ]}
        />
      )}
      {data && data.timeliness.length > 0 && (
        <section className="section-below">
          <h2 className="panel-title">{say('timelinessTitle')}</h2>
          <DataTable
            dense
            caption={say('timelinessTitle')}
            rows={data.timeliness}
            rowKey={(row, index) => `${index} ${row.nameEn}`}
            columns={[
              { key: 'name', title: sayShared('institution'), isRowName: true, cell: (row) => name(row) },
              { key: 'cards', title: say('total'), align: 'right', cell: (row) => number(row.cards) },
              { key: 'inTime', title: say('inTime'), align: 'right', cell: (row) => number(row.inTime) },
              { key: 'late', title: say('lateCount'), align: 'right', cell: (row) => number(row.late) },
              { key: 'missed', title: say('missedCount'), align: 'right', cell: (row) => number(row.missed) },
              {
                key: 'share',
                title: say('share'),
                align: 'right',
                cell: (row) => percent(row.inTime, row.inTime + row.late + row.missed),
              },
            ]}
          />
        </section>
      )}
    </Page>
  );
}
