import type { ChannelUpload } from '@hutong/contract/surveillance.ts';
import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { useSurveillanceWords } from './words.ts';

/** Files of counts that departments sent: what was new, what corrected an older figure, what was there already, and what was refused and why. */
export function Uploads({ rows }: { rows: ChannelUpload[] }) {
  const say = useSurveillanceWords();
  const { pick, number } = useFormat();
  return (
    <section className="watch-section">
      <h2>{say('uploads')}</h2>
      <p className="quiet small">{say('uploadsNote')}</p>
      {rows.length === 0 ? (
        <p className="quiet">{say('noUploads')}</p>
      ) : (
        <DataTable
          dense
          caption={say('uploads')}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'channel',
              title: say('channel'),
              isRowName: true,
              cell: (row) => (
                <>
                  {pick(row.channel)}
                  <small>{row.agreement}</small>
                </>
              ),
            },
            { key: 'at', title: say('uploadAt'), cell: (row) => <span className="nowrap">{moment(row.at)}</span> },
            { key: 'lines', title: say('lines'), align: 'right', cell: (row) => number(row.lines) },
            { key: 'new', title: say('linesNew'), align: 'right', cell: (row) => number(row.created) },
            { key: 'revised', title: say('linesRevised'), align: 'right', cell: (row) => number(row.revised) },
            { key: 'same', title: say('linesSame'), align: 'right', cell: (row) => number(row.unchanged) },
            { key: 'result', title: say('result'), cell: (row) => <Result row={row} /> },
          ]}
        />
      )}
    </section>
  );
}

function Result({ row }: { row: ChannelUpload }) {
  const say = useSurveillanceWords();
  const { pick } = useFormat();
  const isRepeat = row.refused === 0 && row.unchanged === row.lines;
  return (
    <div className="upload-result">
      <Badge tone={row.refused > 0 ? 'bad' : isRepeat ? 'plain' : 'good'}>
        {row.refused > 0
          ? say('uploadRefused', { count: row.refused })
          : say(isRepeat ? 'uploadRepeated' : 'uploadTaken')}
      </Badge>
      {row.problems.map((problem) => (
        <small key={`${problem.line} ${problem.zh}`}>{say('inLine', { line: problem.line, why: pick(problem) })}</small>
      ))}
      {row.former > 0 && <small>{say('formerAreas', { count: row.former })}</small>}
    </div>
  );
}
