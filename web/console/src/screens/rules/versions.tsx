import type { RulePage } from '@hutong/contract/watch.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useSettingsLine } from './settings-line.ts';
import { useRuleWords } from './words.ts';

type Wanted = { act: 'enable' | 'disable' | 'undo'; rule?: string; version?: number };

/** Kept versions with what their back-test said, enabling and undoing with a reason, and the history. */
export function Versions({ page }: { page: RulePage }) {
  const say = useRuleWords();
  const text = useSettingsLine();
  const { number } = useFormat();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [reason, setReason] = useState('');
  const act = useMutation({
    mutationFn: ({ act: name, rule }: Wanted) =>
      call('/surveillance/rules/act', {
        method: 'POST',
        body: { ...page.scope, act: name, reason: reason.trim(), ...(rule && { rule }) },
      }),
    onSuccess: async () => {
      setWanted(null);
      setReason('');
      await queries.invalidateQueries({ queryKey: ['rule'] });
      await queries.invalidateQueries({ queryKey: ['rules'] });
    },
  });
  const title =
    wanted === null
      ? ''
      : wanted.act === 'enable'
        ? say('act.enable', { n: wanted.version ?? '' })
        : say(wanted.act === 'undo' ? 'undo' : 'disable');
  const round = (value: number): string => number(Math.round(value * 10) / 10);
  return (
    <section className="watch-section">
      <h2>{say('versions')}</h2>
      {page.versions.length === 0 && <p className="quiet">{say('noVersions')}</p>}
      {page.versions.length > 0 && (
        <DataTable
          dense
          caption={say('versions')}
          rows={page.versions}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'version',
              title: say('versions'),
              isRowName: true,
              cell: (row) => (
                <>
                  {say('version', { n: row.version })} {row.inForce && <Badge tone="good">{say('inForce')}</Badge>}
                  <small>{row.note}</small>
                </>
              ),
            },
            { key: 'setting', title: say('setting'), cell: (row) => text(row.settings) },
            {
              key: 'year',
              title: say('perYear'),
              align: 'right',
              cell: (row) => (row.backTest && row.backTest.series > 0 ? round(row.backTest.signalsPerYear) : '—'),
            },
            { key: 'who', title: say('who'), cell: (row) => row.who },
            { key: 'at', title: say('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
            {
              key: 'act',
              title: say('act'),
              cell: (row) =>
                page.may && !row.inForce && row.backTest && row.backTest.series > 0 ? (
                  <Button
                    size="small"
                    onClick={() => setWanted({ act: 'enable', rule: row.id, version: row.version })}
                    aria-label={say('act.enable', { n: row.version })}
                  >
                    {say('enable')}
                  </Button>
                ) : (
                  '—'
                ),
            },
          ]}
        />
      )}
      {page.may && (page.inForce || page.canUndo) && (
        <div className="row" style={{ marginTop: '0.8rem' }}>
          {page.inForce && <Button onClick={() => setWanted({ act: 'disable' })}>{say('disable')}</Button>}
          {page.canUndo && <Button onClick={() => setWanted({ act: 'undo' })}>{say('undo')}</Button>}
        </div>
      )}
      {wanted && (
        <form
          className="panel stack"
          style={{ marginTop: '0.8rem' }}
          onSubmit={(event) => {
            event.preventDefault();
            act.mutate(wanted);
          }}
        >
          <h3>{title}</h3>
          <TextField
            label={say('reason')}
            hint={say('reasonHint')}
            required
            autoFocus
            value={reason}
            onChange={setReason}
          />
          <div className="row">
            <Button type="primary" htmlType="submit" disabled={reason.trim().length < 4} loading={act.isPending}>
              {say('confirm')}
            </Button>
            <Button onClick={() => setWanted(null)}>{say('cancel')}</Button>
          </div>
          {act.isError && <Failure failure={act.error} />}
        </form>
      )}
      {page.acts.length > 0 && (
        <>
          <h3 className="watch-section">{say('history')}</h3>
          <DataTable
            dense
            caption={say('history')}
            rows={page.acts.toReversed()}
            rowKey={(row, index) => `${index} ${row.at}`}
            columns={[
              {
                key: 'act',
                title: say('act'),
                isRowName: true,
                cell: (row) => say(`act.${row.act}`, { n: row.version ?? '' }),
              },
              { key: 'reason', title: say('reason'), cell: (row) => row.reason },
              { key: 'who', title: say('who'), cell: (row) => row.who },
              { key: 'at', title: say('at'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
            ]}
          />
        </>
      )}
    </section>
  );
}
