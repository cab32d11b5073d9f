import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLanguage } from '../app/language.ts';
import { Icon } from '../parts/icon.tsx';
import type { MenuEntry } from './menu.ts';
import { useShellWords } from './words.ts';
import './head-menu.css';

export function MenuLinks({ entries, onGo }: { entries: readonly MenuEntry[]; onGo?: () => void }) {
  return (
    <ul>
      {entries.map((entry) => (
        <li key={entry.to}>
          <EntryLink entry={entry} {...(onGo && { onGo })} />
        </li>
      ))}
    </ul>
  );
}

function EntryLink({ entry, onGo }: { entry: MenuEntry; onGo?: () => void }) {
  const say = useShellWords();
  return (
    <Link to={entry.to} activeProps={{ 'aria-current': 'page' }} {...(onGo && { onClick: onGo })}>
      <Icon name={entry.icon} size={18} />
      {say(entry.word)}
    </Link>
  );
}

/**
 * The menu in the head. Whatever finds no room in the row waits under "More": the row breaks into hidden lines, and what stands on the second
 * line or below is out of it.
 */
export function HeadMenu({ entries }: { entries: readonly MenuEntry[] }) {
  const say = useShellWords();
  const language = useLanguage();
  const row = useRef<HTMLUListElement>(null);
  const [fitting, setFitting] = useState(entries.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language has other widths
  useLayoutEffect(() => {
    const list = row.current;
    if (!list) return;
    const measure = (): void => {
      const items = [...list.children] as HTMLElement[];
      const top = items[0]?.offsetTop ?? 0;
      setFitting(items.filter((item) => item.offsetTop === top).length);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    void document.fonts.ready.then(measure);
    return () => observer.disconnect();
  }, [entries, language]);
  return (
    <nav className="head-menu" aria-label={say('mainMenu')}>
      <ul ref={row}>
        {entries.map((entry, at) => (
          <li key={entry.to} {...(at >= fitting && { className: 'out' })}>
            <EntryLink entry={entry} />
          </li>
        ))}
      </ul>
      {fitting < entries.length && <More entries={entries.slice(fitting)} />}
    </nav>
  );
}

function More({ entries }: { entries: readonly MenuEntry[] }) {
  const say = useShellWords();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const closing = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', closing);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', closing);
    };
  }, [isOpen]);
  const holdsPage = entries.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <div className="head-more" ref={box}>
      <button
        type="button"
        ref={button}
        aria-expanded={isOpen}
        {...(holdsPage && { className: 'holds-page' })}
        onClick={() => setOpen(!isOpen)}
      >
        {say('moreMenu')} <span aria-hidden="true">▾</span>
      </button>
      {isOpen && <MenuLinks entries={entries} onGo={() => setOpen(false)} />}
    </div>
  );
}
