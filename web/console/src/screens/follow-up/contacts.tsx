import type { Contact, ContactPage, ContactResult } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { call, queryOf } from '../../app/api.ts';
import { day as dayOf, useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { AddContact } from './add-contact.tsx';
import { ChainTree } from './chain-tree.tsx';
import { Person } from './person.tsx';
import { useFollowUpWords } from './words.ts';
import './follow-up.css';

const route = getRouteApi('/staff/contacts');
const results: ContactResult[] = ['well', 'symptoms', 'not-reached'];
const tones: Record<Contact['state'], Tone> = {
  watching: 'info',
  completed: 'good',
  lost: 'bad',
  'became-case': 'warn',
};

/** Contacts of one case with its chain, or everybody who is being watched. */
export function Contacts() {
  const say = useFollowUpWords();
  const { pick, number } = useFormat();
  const { card } = route.useSearch();
  const { data, error, refetch } = useQuery({
    queryKey: ['contacts', card],
    queryFn: ({ signal }) => call<ContactPage>(`/surveillance/contacts${queryOf({ card })}`, { signal }),
  });
  return (
    <Page
      title={say('contactsTitle')}
      lead={say('contactsLead')}
      actions={
        <>
          {card ? (
            <>
              <Link to="/report-cards/$id" params={{ id: card }}>
                {say('toCard')}
              </Link>
              <Link to="/contacts">{say('allContacts')}</Link>
            </>
          ) : (
            <Link to="/line-list">{say('toLineList')}</Link>
          )}
          <Link to="/follow-up">{say('toItems')}</Link>
          {data && data.dueToday > 0 && <Badge tone="warn">{say('dueToday', { count: number(data.dueToday) })}</Badge>}
          {data && data.missed > 0 && <Badge tone="bad">{say('missed', { count: number(data.missed) })}</Badge>}
        </>
      }
    >
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && data.items.length === 0 && <Blank title={say('noContacts')} />}
      {data && data.items.length > 0 && (
        <DataTable
          caption={card ? say('contactsOfCase') : say('allContacts')}
          rows={data.items}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'contact',
              title: say('contact'),
              isRowName: true,
              cell: (row) => (
                <>
                  {row.name}
                  <small>
                    {row.relation} · {row.setting} · {pick(row.disease)}
                  </small>
                  <Person path={`/surveillance/contacts/${row.id}/person`} />
                </>
              ),
            },
            { key: 'last', title: say('lastExposure'), cell: (row) => row.lastExposure },
            { key: 'until', title: say('until'), cell: (row) => row.until },
            {
              key: 'state',
              title: say('state'),
              cell: (row) => <Badge tone={tones[row.state]}>{say(`contact.${row.state}`)}</Badge>,
            },
            { key: 'days', title: say('days'), cell: (row) => <Days contact={row} /> },
          ]}
        />
      )}
      {card && (
        <>
          <AddContact card={card} />
          <ChainTree card={card} />
        </>
      )}
    </Page>
  );
}

const marks: Record<ContactResult, string> = { well: '✓', symptoms: '!', 'not-reached': '?' };

/** One box a day, told apart by sign and word, and today's visit as buttons. */
function Days({ contact }: { contact: Contact }) {
  const say = useFollowUpWords();
  const queries = useQueryClient();
  const today = dayOf(new Date().toISOString());
  const act = useMutation({
    mutationFn: ({ path, body }: { path: string; body: object }) =>
      call(`/surveillance/contacts/${contact.id}/${path}`, { method: 'POST', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['contacts'] }),
  });
  return (
    <div className="days-cell">
      <ol className="days">
        {contact.days.map(({ day, result }) => {
          const word = say(result ? `result.${result}` : day < today ? 'dayPending' : 'dayLater');
          return (
            <li key={day} className={result ? `day-${result}` : day < today ? 'day-missed' : 'day-later'}>
              <span aria-hidden="true" title={say('dayText', { day, result: word })}>
                {result ? marks[result] : day < today ? '–' : '·'}
              </span>
              <span className="unseen">{say('dayText', { day, result: word })}</span>
            </li>
          );
        })}
      </ol>
      {contact.dueToday && (
        <p className="row">
          <span className="small">{say('today')}</span>
          {results.map((result) => (
            <Button
              key={result}
              size="small"
              loading={act.isPending}
              onClick={() => act.mutate({ path: 'visit', body: { day: today, result } })}
            >
              {say(`result.${result}`)}
            </Button>
          ))}
          <Button size="small" onClick={() => act.mutate({ path: 'close', body: { state: 'lost' } })}>
            {say('lost')}
          </Button>
        </p>
      )}
      {act.isError && <Failure failure={act.error} />}
    </div>
  );
}
