import type { BatchList, BatchUpload, BatchView } from '@hutong/contract/batches.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type FormEvent, useId, useRef, useState } from 'react';
import { call } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import './registrations.css';
import { useRegistrationWords } from './words.ts';

const tones: Record<BatchView['state'], Tone> = { running: 'info', done: 'good', unreadable: 'bad' };
const known = [
  'done',
  'taken',
  'waiting',
  'again',
  'held',
  'conflict',
  'unreadable',
  'refused',
  'replayed',
  'dismissed',
  'unavailable',
] as const;
const lookAgain = 1000;

const asBase64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

/** Tables of registrations: upload, progress, and a file that says what became of every row. */
export function Registrations() {
  const say = useRegistrationWords();
  const { number } = useFormat();
  const client = useQueryClient();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['registration-batches'],
    queryFn: ({ signal }) => call<BatchList>('/registration-batches', { signal }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === 'running' || (one.counts.taken ?? 0) > 0) ? lookAgain : false,
  });
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const before = client.getQueryData<BatchList>(['registration-batches'])?.items ?? [];
      const body: BatchUpload = { fileName: file.name, content: await asBase64(file) };
      const view = await call<BatchView>('/registration-batches', { method: 'POST', body });
      return before.some((one) => one.id === view.id);
    },
    retry: false,
    onSettled: () => void client.invalidateQueries({ queryKey: ['registration-batches'] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const [file] = field.current?.files ?? [];
    if (file && !upload.isPending) upload.mutate(file);
  };
  const columns: Column<BatchView>[] = [
    { key: 'name', title: say('name'), isRowName: true, cell: ({ fileName }) => fileName },
    { key: 'at', title: say('at'), cell: ({ at }) => moment(at) },
    {
      key: 'state',
      title: say('state'),
      cell: ({ state }) => <Badge tone={tones[state]}>{say(`state.${state}`)}</Badge>,
    },
    { key: 'rows', title: say('rows'), align: 'right', cell: ({ rows }) => number(rows) },
    {
      key: 'counts',
      title: say('counts'),
      cell: ({ counts }) =>
        known
          .filter((word) => (counts[word] ?? 0) > 0)
          .map((word) => say(`count.${word}`, { n: number(counts[word] ?? 0) }))
          .join(' · ') || '—',
    },
    {
      key: 'results',
      title: say('results'),
      cell: (row) => (
        <a href={`/api/registration-batches/${row.id}/results.csv`} download>
          {say('results')}
          <span className="unseen"> {row.fileName}</span>
        </a>
      ),
    },
  ];
  const wanted = data?.mapping.columns.map(({ name, required }) => (required ? `${name}*` : name)).join('、') ?? '';
  return (
    <Page title={say('title')} lead={say('lead')}>
      <section className="panel registrations-upload" aria-label={say('upload')}>
        <form className="filters" onSubmit={submit}>
          <div className="field">
            <span className="field-name">{say('file')}</span>
            <span className="file-choice">
              <input
                ref={field}
                id={id}
                type="file"
                accept=".csv,text/csv"
                required
                aria-describedby={`${id}-hint`}
                onChange={(event) => setChosen(event.target.files?.[0]?.name ?? '')}
              />
              <label htmlFor={id}>{say('choose')}</label>
              <output htmlFor={id}>{chosen || say('nothingChosen')}</output>
            </span>
            <p id={`${id}-hint`} className="field-hint">
              {say('fileHint', { columns: wanted })}
            </p>
          </div>
          <Button type="primary" htmlType="submit" loading={upload.isPending}>
            {say('upload')}
          </Button>
        </form>
        {upload.isError && <Failure failure={upload.error} />}
        <p role="status">{upload.isSuccess && upload.data ? say('same') : ''}</p>
      </section>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={5} />}
      {data && data.items.length === 0 && <Blank title={say('none')}>{say('noneNext')}</Blank>}
      {data && data.items.length > 0 && (
        <DataTable caption={say('list')} columns={columns} rows={data.items} rowKey={(row) => row.id} />
      )}
    </Page>
  );
}
