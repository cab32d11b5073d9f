import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Single keys must be switchable off (WCAG 2.1.4). */
const storageKey = 'hutong.shortcuts';
let on = ((): boolean => {
  try {
    return typeof document === 'undefined' || localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
})();
const listeners = new Set<() => void>();

export function switchShortcuts(next: boolean): void {
  on = next;
  try {
    localStorage.setItem(storageKey, next ? 'on' : 'off');
  } catch {
    // Kept for this visit only.
  }
  for (const listener of listeners) listener();
}

export const useShortcutsOn = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => on,
  );

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
const isDialogOpen = (): boolean =>
  document.querySelector('[role="dialog"][aria-modal="true"]:not([aria-hidden="true"])') !== null &&
  document.querySelector('.ant-modal-wrap:not([style*="display: none"]), .ant-drawer-open') !== null;

/** Runs `actions[key]` for single keys, and `actions['g i']` for one key after another within a second. */
export function useShortcuts(actions: Record<string, () => void>): void {
  const current = useRef(actions);
  current.current = actions;
  useEffect(() => {
    let leader = '';
    let leaderAt = 0;
    const listen = (event: KeyboardEvent): void => {
      if (
        !on ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.defaultPrevented ||
        isTyping(event.target) ||
        isDialogOpen()
      )
        return;
      const chord = leader !== '' && event.timeStamp - leaderAt < 1000 ? `${leader} ${event.key}` : event.key;
      const action = current.current[chord];
      const isLeader = Object.keys(current.current).some((name) => name.startsWith(`${event.key} `));
      leader = action || !isLeader ? '' : event.key;
      leaderAt = event.timeStamp;
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
