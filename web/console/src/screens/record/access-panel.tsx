import type { AccessGround } from '@hutong/contract/console.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { moment, useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Failure, Loading, LoadMore } from '../../parts/states.tsx';
import { useShellWords } from '../../shell/words.ts';
import { BreakGlass } from './break-glass.tsx';
import { looksQuery } from './record-data.ts';
import { useRecordWords } from './words.ts';

const roles = [
  'integrator',
  'clinician',
  'epidemiologist',
  'administrator',
  'primary-care',
  'prevention',
  'auditor',
  'operator',
] as const;

function Looks({ resident }: { resident: string }) {
  const say = useRecordWords();
  const sayShell = useShellWords();
  const { pick } = useFormat();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    looksQuery(resident),
  );
  const looks = data?.pages.flatMap((page) => page.items) ?? [];
  const roleName = (role: string): string => {
    const known = roles.find((candidate) => candidate === role);
    return known ? sayShell(`role.${known}`) : role === 'client' ? say('client') : role;
  };
  return (
    <section className="panel" aria-labelledby="looks-title">
      <h2 id="looks-title">{say('looks')}</h2>
      {error && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={4} />}
      {data && looks.length === 0 && <p className="quiet">{say('noLooks')}</p>}
      <ol className="looks">
        {looks.map((look, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two looks may agree in everything, and the list only grows at its end
          <li key={`${look.at} ${look.who} ${index}`}>
            <p>
              <strong>{look.who}</strong> {say(`action.${look.action}`)}{' '}
              {look.breakGlass && <Badge tone="bad">{say('glass')}</Badge>}
            </p>
            <p className="quiet small">{[roleName(look.role), look.institution].filter(Boolean).join(' · ')}</p>
            <p className="quiet small">
              {moment(look.at)} · {pick({ zh: look.groundZh, en: look.groundEn })}
            </p>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <LoadMore count={looks.length} hasMore loading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
      )}
    </section>
  );
}

export function AccessPanel({ resident, access }: { resident: string; access: AccessGround }) {
  const say = useRecordWords();
  const { pick } = useFormat();
  const may = useMay();
  return (
    <div className="record-side">
      <section className="panel access" aria-labelledby="access-title">
        <h2 id="access-title">
          <Icon name="eye" /> {say('access')}
        </h2>
        <p>
          <Badge tone={access.ground === 'break-glass' ? 'bad' : 'good'}>{pick(access)}</Badge>
        </p>
        {access.until && <p className="quiet small">{say('accessUntil', { until: moment(access.until) })}</p>}
        <p className="quiet small">{say('accessNote')}</p>
        {access.canBreakGlass && <BreakGlass resident={resident} />}
      </section>
      {may('record.looks') && <Looks resident={resident} />}
    </div>
  );
}
