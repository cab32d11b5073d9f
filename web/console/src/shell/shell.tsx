import type { Session } from '@hutong/contract/console.ts';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Button, Drawer, Modal } from 'antd';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { Problem } from '../app/api.ts';
import { useFormat } from '../app/format.ts';
import { loginFromHere, logout, useExpired, useSession } from '../app/session.ts';
import { useShortcuts } from '../app/shortcuts.ts';
import { Icon } from '../parts/icon.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { Mark } from './brand.tsx';
import { HeadMenu, MenuLinks } from './head-menu.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { Closed } from './lost.tsx';
import { isClosed, menuOf } from './menu.ts';
import { useShellWords } from './words.ts';

function Who({ session }: { session: Session }) {
  const say = useShellWords();
  const { name } = useFormat();
  return (
    <p className="who">
      <strong>{name(session)}</strong>
      <span>
        {say(`role.${session.role}`)} · {session.institution ? name(session.institution) : say('commission')}
      </span>
    </p>
  );
}

function SessionExpired() {
  const say = useShellWords();
  const expired = useExpired();
  return (
    <Modal
      title={say('expiredTitle')}
      open={expired}
      closable={false}
      keyboard={false}
      footer={
        <Button type="primary" href={loginFromHere()}>
          {say('loginAgain')}
        </Button>
      }
    >
      <p>{say('expiredText')}</p>
    </Modal>
  );
}

function Frame({ session }: { session: Session }) {
  const say = useShellWords();
  const navigate = useNavigate();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const entries = useMemo(() => menuOf(session.permissions), [session.permissions]);
  useShortcuts({
    '?': () => setHelpOpen(true),
    '/': () => document.querySelector<HTMLElement>('[data-page-search]')?.focus(),
    ...Object.fromEntries(entries.map((entry) => [`g ${entry.key}`, () => void navigate({ to: entry.to })])),
  });
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {say('skip')}
      </a>
      <header className="head">
        <div className="head-row">
          <button
            type="button"
            className="burger"
            aria-label={say('openMenu')}
            aria-expanded={isMenuOpen}
            onClick={() => setMenuOpen(true)}
          >
            <Icon name="menu" />
          </button>
          <Link to="/" className="brand" aria-label={`${say('product')} · ${say('tour')}`}>
            <Mark />
            <span>{say('product')}</span>
          </Link>
          <HeadMenu entries={entries} />
          <div className="head-tools">
            <Who session={session} />
            <LanguageSwitch />
            <button
              type="button"
              className="tool"
              aria-label={say('keyboard')}
              title={`${say('keyboard')} (?)`}
              onClick={() => setHelpOpen(true)}
            >
              <Icon name="keyboard" />
            </button>
            <button
              type="button"
              className="tool"
              aria-label={say('logout')}
              title={say('logout')}
              onClick={() => void logout()}
            >
              <Icon name="leave" />
            </button>
          </div>
        </div>
        {session.demo && <p className="demo-strip">{say('demo')}</p>}
      </header>
      <Drawer
        title={say('menu')}
        placement="left"
        size={290}
        open={isMenuOpen}
        onClose={() => setMenuOpen(false)}
        rootClassName="menu-drawer"
        closable={{ 'aria-label': say('close') }}
      >
        <Who session={session} />
        <nav aria-label={say('menu')}>
          <MenuLinks entries={entries} onGo={() => setMenuOpen(false)} />
        </nav>
        <LanguageSwitch />
        <Button icon={<Icon name="leave" size={16} />} onClick={() => void logout()}>
          {say('logout')}
        </Button>
      </Drawer>
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>{isClosed(path, session.permissions) ? <Closed /> : <Outlet />}</Suspense>
      </main>
      <KeyboardHelp open={isHelpOpen} onClose={() => setHelpOpen(false)} entries={entries} />
      <SessionExpired />
    </div>
  );
}

/** Header, menu and main area of everyone who is logged in; whoever is not is sent to the login and comes back here. */
export function Shell() {
  const say = useShellWords();
  const { data, error, refetch } = useSession();
  const isStranger = error instanceof Problem && error.status === 401 && !data;
  useEffect(() => {
    if (isStranger) location.replace(loginFromHere());
  }, [isStranger]);
  if (data) return <Frame session={data} />;
  return (
    <main id="content" className="page">
      {error && !isStranger ? (
        <Failure failure={error} retry={() => void refetch()} />
      ) : (
        <Loading {...(isStranger && { label: say('toLogin') })} />
      )}
    </main>
  );
}
