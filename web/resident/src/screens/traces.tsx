import type { Look } from '@hutong/contract/console.ts';
import type { MyCode, MyScan } from '@hutong/contract/health-code.ts';
import { moment, usePick, useSay } from '../app/language.ts';
import { usePages } from '../app/use-answer.ts';
import { Button, Card, Title } from '../parts/card.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { ScanLine } from './scan-line.tsx';

function Scans() {
  const say = useSay();
  const { items, hasMore, problem, more } = usePages<MyScan>('/my/scans');
  if (problem) return <Failure problem={problem} again={more} />;
  if (!items) return <Loading />;
  if (items.length === 0) return <p className="quiet-text">{say('scansEmpty')}</p>;
  return (
    <>
      <ul className="lines">
        {items.map((scan, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
          <ScanLine key={at} scan={scan} />
        ))}
      </ul>
      {hasMore && (
        <Button quiet onClick={more}>
          {say('olderOnes')}
        </Button>
      )}
    </>
  );
}

function Looks({ resident }: { resident: string }) {
  const say = useSay();
  const pick = usePick();
  const { items, hasMore, problem, more } = usePages<Look>(`/residents/${resident}/looks`);
  if (problem) return <Failure problem={problem} again={more} />;
  if (!items) return <Loading />;
  const others = items.filter(({ role }) => role !== 'resident');
  return (
    <>
      <p className="quiet-text">{say('looksOwn')}</p>
      {others.length === 0 && <p className="quiet-text">{say('looksEmpty')}</p>}
      <ul className="lines">
        {others.map((look, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
          <li key={at}>
            <p className="line-head">
              <strong>{[look.institution, look.who].filter(Boolean).join(' · ')}</strong>
              <time dateTime={look.at}>{moment(look.at)}</time>
            </p>
            <p className={look.breakGlass || look.action === 'refused' ? 'marked' : undefined}>
              {look.breakGlass ? `${say('emergency')} · ` : ''}
              {say(`action.${look.action}`)}
            </p>
            <p className="quiet-text">{pick({ zh: look.groundZh, en: look.groundEn })}</p>
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button quiet onClick={more}>
          {say('olderOnes')}
        </Button>
      )}
    </>
  );
}

/** Who scanned the code, and who looked at the record: both in full, the refused ones too. */
export function TracesScreen({ me }: { me: MyCode }) {
  const say = useSay();
  return (
    <>
      <Title>{say('traces')}</Title>
      <Card title={say('whoScanned')}>
        <Scans />
      </Card>
      <Card title={say('whoLooked')}>
        <Looks resident={me.id} />
      </Card>
    </>
  );
}
