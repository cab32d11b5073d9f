import type { BackTest, RuleList, RulePage, RuleSettings } from '@hutong/contract/watch.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call, queryOf } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { WatchPage } from '../watch/watch-page.tsx';
import { BackTests } from './back-tests.tsx';
import { RuleForm } from './rule-form.tsx';
import { useSettingsLine } from './settings-line.ts';
import { Versions } from './versions.tsx';
import { useRuleWords } from './words.ts';
import '../watch/watch.css';

const route = getRouteApi('/staff/rules');

export function Rules() {
  const say = useRuleWords();
  const { data, error, refetch } = useQuery({
    queryKey: ['rules'],
    queryFn: ({ signal }) => call<RuleList>('/surveillance/rules', { signal }),
  });
  return (
    <WatchPage title={say('title')} lead={say('lead')}>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={12} />}
      {data && <Workshop list={data} />}
    </WatchPage>
  );
}

export type Tried = { settings: RuleSettings; test: BackTest };

function Workshop({ list }: { list: RuleList }) {
  const say = useRuleWords();
  const { pick } = useFormat();
  const { channel = 'cases', topic = 'influenza', area = '*' } = route.useSearch();
  const navigate = route.useNavigate();
  const scope = { channel, topic, area };
  const [tried, setTried] = useState<Tried[]>([]);
  const {
    data: page,
    error,
    refetch,
  } = useQuery({
    queryKey: ['rule', channel, topic, area],
    queryFn: ({ signal }) => call<RulePage>(`/surveillance/rule${queryOf(scope)}`, { signal }),
  });
  const go = (change: Partial<typeof scope>): void => {
    setTried([]);
    void navigate({ search: { ...scope, ...change }, replace: true });
  };
  return (
    <>
      <section className="panel">
        <h2>{say('scope')}</h2>
        <div className="filters">
          <SelectField
            label={say('topic')}
            value={`${channel} ${topic}`}
            choices={list.topics.map((row) => ({
              value: `${row.channel} ${row.code}`,
              label: pick(row),
              group: pick(row.channelName),
            }))}
            onChange={(value) => {
              const [of = '', code = ''] = value.split(' ');
              go({ channel: of, topic: code });
            }}
          />
          <SelectField
            label={say('area')}
            value={area}
            choices={list.areas.map((row) => ({ value: row.code, label: pick(row) }))}
            onChange={(value) => go({ area: value })}
          />
        </div>
      </section>
      {error && !page && <Failure failure={error} retry={() => void refetch()} />}
      {page && (
        <>
          {page.may ? (
            <RuleForm
              key={`${channel} ${topic} ${area}`}
              scope={scope}
              methods={list.methods}
              start={page.inForce?.settings ?? null}
              onTried={(one) => setTried((before) => [one, ...before].slice(0, 8))}
            />
          ) : (
            <p className="notice tone-plain">{say('readOnly')}</p>
          )}
          {tried.length > 0 && <BackTests tried={tried} />}
          <Versions page={page} />
        </>
      )}
      <Everywhere list={list} />
    </>
  );
}

function Everywhere({ list }: { list: RuleList }) {
  const say = useRuleWords();
  const text = useSettingsLine();
  const { pick } = useFormat();
  const table = (title: string, rows: RuleList['inForce']) => (
    <DataTable
      dense
      caption={title}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'scope',
          title: say('topic'),
          isRowName: true,
          cell: (row) => (
            <Link to="/rules" search={{ channel: row.channel, topic: row.topic, area: row.area }}>
              {pick(row.topicName)} · {pick(row.areaName)}
            </Link>
          ),
        },
        { key: 'setting', title: say('setting'), cell: (row) => text(row.settings) },
        { key: 'version', title: say('versions'), cell: (row) => say('version', { n: row.version }) },
        { key: 'who', title: say('who'), cell: (row) => row.who },
      ]}
    />
  );
  return (
    <section className="watch-section">
      <h2>{say('allInForce')}</h2>
      {list.inForce.length === 0 ? (
        <p className="quiet">{say('noneInForce')}</p>
      ) : (
        table(say('allInForce'), list.inForce)
      )}
      {list.drafts.length > 0 && (
        <>
          <h2 className="watch-section">{say('drafts')}</h2>
          {table(say('drafts'), list.drafts)}
        </>
      )}
    </section>
  );
}
