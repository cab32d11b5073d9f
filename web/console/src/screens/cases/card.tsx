import type { CardDetail, CardField } from '@hutong/contract/surveillance.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { sayCode, useSurveillanceWords } from '../surveillance/words.ts';
import { CardActs } from './card-acts.tsx';
import { CardStanding } from './card-standing.tsx';
import { sayCaseCode, useCaseWords } from './words.ts';
import '../surveillance/surveillance.css';
import './cases.css';

const route = getRouteApi('/staff/report-cards/$id');

export function ReportCard() {
  const say = useCaseWords();
  const { pick } = useFormat();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['report-card', id],
    queryFn: ({ signal }) => call<CardDetail>(`/surveillance/cards/${id}`, { signal }),
  });
  return (
    <Page
      title={data ? `${pick(data.disease)} · ${data.name}` : say('cards')}
      lead={
        data && say('statutory', { group: sayCaseCode(say, `group.${data.disease.class}`), hours: data.limitHours })
      }
      actions={<Link to="/report-cards">{say('cards')}</Link>}
    >
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && <Body card={data} />}
    </Page>
  );
}

function Fields({ title, fields }: { title: string; fields: CardField[] }) {
  const say = useCaseWords();
  const { pick } = useFormat();
  return (
    <section className="panel">
      <h2>{title}</h2>
      <dl className="card-fields">
        {fields.map((field) => (
          <div key={field.key}>
            <dt>{pick(field)}</dt>
            <dd>
              {field.shown ? (
                pick(field.key === 'returnReason' ? reasonWords(say, field) : field.shown)
              ) : (
                <span className={field.required ? 'missing' : 'quiet'}>{field.required ? say('missing') : '—'}</span>
              )}
              {field.from !== 'nobody' && field.kind !== 'shown' && (
                <small className="quiet small"> · {say(field.from === 'record' ? 'fromRecord' : 'fromDoctor')}</small>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
const reasonWords = (say: ReturnType<typeof useCaseWords>, { value }: CardField): { zh: string; en: string } => {
  const word = sayCaseCode(say, `reason.${value ?? ''}`);
  return { zh: word, en: word };
};

function Body({ card }: { card: CardDetail }) {
  const say = useCaseWords();
  const sayShared = useSurveillanceWords();
  const { pick, name } = useFormat();
  return (
    <div className="signal">
      <div>
        {card.state === 'question' && (
          <section className="panel notice tone-info">
            <h2>{say('question')}</h2>
            <p>{say('questionNote')}</p>
          </section>
        )}
        {card.warnings.length > 0 && (
          <section className="panel notice tone-warn" aria-label={say('warnings')}>
            <h2>{say('warnings')}</h2>
            <ul>
              {card.warnings.map((warning) => (
                <li key={warning.en}>{pick(warning)}</li>
              ))}
            </ul>
          </section>
        )}
        {[
          { code: 'card', title: say('mainCard') },
          ...card.annexes.map((annex) => ({ code: annex.code, title: pick(annex) })),
        ].map(({ code, title }) => (
          <Fields key={code} title={title} fields={card.fields.filter(({ group }) => group === code)} />
        ))}
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
                cell: (row) => `${sayCaseCode(say, `fact.${row.channel}`)} ${row.code}`,
              },
              { key: 'at', title: sayShared('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
              { key: 'institution', title: sayShared('institution'), cell: (row) => name(row.institution) },
            ]}
          />
        </section>
        {card.acts.length > 0 && (
          <section className="panel">
            <h2>{sayShared('history')}</h2>
            <DataTable
              dense
              caption={sayShared('history')}
              rows={card.acts}
              rowKey={(row, index) => `${index} ${row.at}`}
              columns={[
                {
                  key: 'act',
                  title: sayShared('act'),
                  isRowName: true,
                  cell: (row) => sayCaseCode(say, `act.${row.act}`),
                },
                { key: 'level', title: say('level'), cell: (row) => (row.level ? say(`level.${row.level}`) : '—') },
                {
                  key: 'class',
                  title: sayShared('caseClass'),
                  cell: (row) => sayCode(sayShared, `class.${row.caseClass}`),
                },
                {
                  key: 'reason',
                  title: sayShared('reason'),
                  cell: (row) => (row.reason ? sayCaseCode(say, `reason.${row.reason}`) : '—'),
                },
                {
                  key: 'changes',
                  title: say('changes'),
                  cell: (row) =>
                    row.changes.length === 0
                      ? (row.note ?? '—')
                      : row.changes.map((change) => (
                          <span key={change.key} className="change">
                            {say('changed', {
                              field: pick(change),
                              before: change.before || say('empty'),
                              after: change.after,
                            })}
                          </span>
                        )),
                },
                { key: 'who', title: sayShared('who'), cell: (row) => row.who },
                { key: 'at', title: sayShared('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
              ]}
            />
          </section>
        )}
      </div>
      <div>
        <CardStanding card={card} />
        <CardActs key={`${card.state} ${card.acts.length}`} card={card} />
      </div>
    </div>
  );
}
