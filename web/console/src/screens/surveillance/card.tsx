import type { CardDetail } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { CardActs } from './card-acts.tsx';
import { cardTones, isOpenCard } from './cards.tsx';
import { Clock } from './clock.tsx';
import { sayCode, useSurveillanceWords } from './words.ts';
import './surveillance.css';

const route = getRouteApi('/staff/report-cards/$id');

export function ReportCard() {
  const say = useSurveillanceWords();
  const { pick } = useFormat();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['report-card', id],
    queryFn: ({ signal }) => call<CardDetail>(`/surveillance/cards/${id}`, { signal }),
  });
  return (
    <Page
      title={data ? `${pick(data.disease)} · ${data.name}` : say('cards')}
      lead={data && say('statutory', { group: sayCode(say, `group.${data.disease.class}`), hours: data.limitHours })}
      actions={<Link to="/report-cards">{say('cards')}</Link>}
    >
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && <Body card={data} />}
    </Page>
  );
}

function Body({ card }: { card: CardDetail }) {
  const say = useSurveillanceWords();
  const { pick, name } = useFormat();
  return (
    <div className="signal">
      <div>
        <section className="panel">
          <h2>{say('fields')}</h2>
          <dl className="card-fields">
            {card.fields.map((field) => (
              <div key={field.key}>
                <dt>{pick(field)}</dt>
                <dd>
                  {field.value || (
                    <span className={field.required ? 'missing' : 'quiet'}>
                      {field.required ? say('missing') : '—'}
                    </span>
                  )}
                  {field.from !== 'nobody' && (
                    <small className="quiet small">
                      {' '}
                      · {say(field.from === 'record' ? 'fromRecord' : 'fromDoctor')}
                    </small>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
        <section className="panel">
          <h2>{say('facts')}</h2>
          <DataTable
            dense
            caption={say('facts')}
            rows={card.facts}
            rowKey={(row, index) => `${index} ${row.at}`}
            columns={[
              {
                key: 'what',
                title: say('facts'),
                isRowName: true,
                cell: (row) => `${sayCode(say, `fact.${row.channel}`)} ${row.code}`,
              },
              { key: 'at', title: say('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
              { key: 'institution', title: say('institution'), cell: (row) => name(row.institution) },
            ]}
          />
        </section>
        {card.acts.length > 0 && (
          <section className="panel">
            <h2>{say('history')}</h2>
            <DataTable
              dense
              caption={say('history')}
              rows={card.acts}
              rowKey={(row, index) => `${index} ${row.at}`}
              columns={[
                { key: 'act', title: say('act'), isRowName: true, cell: (row) => sayCode(say, `act.${row.act}`) },
                { key: 'class', title: say('caseClass'), cell: (row) => sayCode(say, `class.${row.caseClass}`) },
                {
                  key: 'reason',
                  title: say('reason'),
                  cell: (row) => (row.reason ? sayCode(say, `reason.${row.reason}`) : '—'),
                },
                { key: 'note', title: say('note'), cell: (row) => row.note ?? '—' },
                { key: 'who', title: say('who'), cell: (row) => row.who },
                { key: 'at', title: say('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
              ]}
            />
          </section>
        )}
      </div>
      <div>
        <section className="panel">
          <h2>{say('state')}</h2>
          <p className="row">
            <Badge tone={cardTones[card.state]}>{say(`card.${card.state}`)}</Badge>{' '}
            {sayCode(say, `class.${card.caseClass}`)}
          </p>
          <p style={{ marginTop: '0.6rem' }}>
            {say('due')} <Clock due={card.dueAt} open={isOpenCard(card.state)} />
          </p>
          <p style={{ marginTop: '0.6rem' }}>
            <Link to="/residents/$id" params={{ id: card.resident }}>
              {say('openRecord')}
            </Link>
          </p>
        </section>
        <CardActs key={`${card.state} ${card.acts.length}`} card={card} />
      </div>
    </div>
  );
}
