import type { InboxMessage } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { inboxTones } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { moment, useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { Page } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import './inbox.css';
import { messageQuery } from './inbox-data.ts';
import { type Mark, RawText } from './raw-text.tsx';
import { Repair } from './repair.tsx';
import { layOut } from './text/lay-out.ts';
import { useInboxWords } from './words.ts';

const route = getRouteApi('/staff/inbox/$id');

function Envelope({ message }: { message: InboxMessage }) {
  const say = useInboxWords();
  const sayContract = useContractWords();
  const { name, bytes } = useFormat();
  return (
    <section className="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">{say('facts')}</h2>
      <dl className="pairs">
        <dt>{say('sender')}</dt>
        <dd>
          {message.institution ? name(message.institution) : say('unknownSender')}{' '}
          <span className="quiet">{message.sender}</span>
        </dd>
        <dt>{say('protocolShort')}</dt>
        <dd>{sayContract(`protocol.${message.protocol}`)}</dd>
        <dt>{say('received')}</dt>
        <dd>{moment(message.receivedAt)}</dd>
        <dt>{say('sent')}</dt>
        <dd>{message.sentAt ? moment(message.sentAt) : '—'}</dd>
        <dt>{say('size')}</dt>
        <dd>
          {bytes(message.bytes)} · {say('charset')} {message.charset}
        </dd>
        <dt>{say('sm3')}</dt>
        <dd>
          <code>{message.rawSm3}</code>
        </dd>
      </dl>
    </section>
  );
}

function Issues({
  message,
  place,
  onGo,
}: {
  message: InboxMessage;
  place: (path: string) => { line: number } | null;
  onGo: (path: string) => void;
}) {
  const say = useInboxWords();
  const { pick } = useFormat();
  return (
    <section className="panel" aria-labelledby="issues-title">
      <h2 id="issues-title">{say('issues')}</h2>
      {message.issues.length === 0 && <p className="quiet">{say('noIssues')}</p>}
      <ul className="issues">
        {message.issues.map((issue) => (
          <li key={`${issue.rule} ${issue.path}`}>
            <Badge tone={issue.severity === 'error' ? 'bad' : 'warn'}>{say(issue.severity)}</Badge>
            <p>{pick(issue)}</p>
            <p className="small">
              {place(issue.path) ? (
                <button
                  type="button"
                  className="link"
                  aria-label={say('goTo', { path: issue.path })}
                  onClick={() => onGo(issue.path)}
                >
                  <code>{issue.path}</code>
                </button>
              ) : (
                <span className="quiet">
                  <code>{issue.path}</code> {issue.path !== '' && `· ${say('notInText')}`}
                </span>
              )}{' '}
              <code className="quiet">{issue.rule}</code>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Outcome({ message }: { message: InboxMessage }) {
  const say = useInboxWords();
  const { pick, number } = useFormat();
  return (
    <>
      <section className="panel" aria-labelledby="unmapped-title">
        <h2 id="unmapped-title">{say('unmapped')}</h2>
        {message.unmapped.length === 0 && <p className="quiet">{say('noUnmapped')}</p>}
        <ul className="plain-list">
          {message.unmapped.map(({ path, count }) => (
            <li key={path}>
              <code>{path}</code> <span className="quiet">{say('times', { count: number(count) })}</span>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel" aria-labelledby="written-title">
        <h2 id="written-title">{say('written')}</h2>
        {message.written.length === 0 && <p className="quiet">{say('noWritten')}</p>}
        <ul className="plain-list">
          {message.written.map((entry) => (
            <li key={`${entry.resourceType}/${entry.id}`}>
              <code>
                {entry.resourceType}/{entry.id}
              </code>{' '}
              <span className="quiet">{say('version', { version: entry.version })}</span>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel" aria-labelledby="acknowledgement-title">
        <h2 id="acknowledgement-title">{say('acknowledgement')}</h2>
        {message.acknowledgement === '' ? (
          <p className="quiet">{say('noAcknowledgement')}</p>
        ) : (
          <pre className="acknowledgement">{message.acknowledgement.replace(/\r\n|\r/g, '\n').trimEnd()}</pre>
        )}
      </section>
      <section className="panel" aria-labelledby="history-title">
        <h2 id="history-title">{say('history')}</h2>
        <ol className="history">
          {message.history.map((entry) => (
            <li key={`${entry.at} ${entry.what}`}>
              <span className="number quiet">{moment(entry.at)}</span>
              <span>
                {pick(entry)} <span className="quiet">{entry.who}</span>
              </span>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function Opened({ message }: { message: InboxMessage }) {
  const say = useInboxWords();
  const sayContract = useContractWords();
  const { pick } = useFormat();
  const mayRepair = useMay()('inbox.repair');
  const text = useMemo(() => layOut(message.raw, message.protocol), [message.raw, message.protocol]);
  const marks = useMemo(
    () =>
      message.issues.flatMap((issue): Mark[] => {
        const place = text.place(issue.path);
        return place ? [{ ...place, severity: issue.severity }] : [];
      }),
    [message.issues, text],
  );
  const firstMark = marks.find((mark) => mark.severity === 'error') ?? marks[0];
  const [target, setTarget] = useState<{ line: number } | null>(null);
  return (
    <Page
      title={say('messageTitle', { controlId: message.controlId || message.id })}
      lead={
        <span className="row">
          <Badge tone={inboxTones[message.state]}>{sayContract(`inbox.${message.state}`)}</Badge>
          <strong>{message.kind}</strong>
          {message.zh !== null && message.en !== null && <span>{pick({ zh: message.zh, en: message.en })}</span>}
        </span>
      }
      actions={
        <Link to="/inbox" search={message.state === 'held' ? { state: 'held' } : {}}>
          {say('back')}
        </Link>
      }
    >
      <div className="message-columns">
        <RawText message={message} text={text} marks={marks} target={target} />
        <div className="message-side">
          <Issues
            message={message}
            place={text.place}
            onGo={(path) => setTarget({ line: text.place(path)?.line ?? firstMark?.line ?? 0 })}
          />
          {mayRepair && <Repair message={message} />}
          <Envelope message={message} />
          <Outcome message={message} />
        </div>
      </div>
    </Page>
  );
}

export function Message() {
  const say = useInboxWords();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(messageQuery(id));
  if (data) return <Opened key={data.id} message={data} />;
  return (
    <Page title={say('messageTitle', { controlId: '' })} actions={<Link to="/inbox">{say('back')}</Link>}>
      {error ? <Failure failure={error} retry={() => void refetch()} /> : <Loading rows={14} />}
    </Page>
  );
}
