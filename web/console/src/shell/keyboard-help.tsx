import { Modal } from 'antd';
import { switchShortcuts, useShortcutsOn } from '../app/shortcuts.ts';
import type { MenuEntry } from './menu.ts';
import { useShellWords } from './words.ts';

export function KeyboardHelp({
  open,
  onClose,
  entries,
}: {
  open: boolean;
  onClose: () => void;
  entries: readonly MenuEntry[];
}) {
  const say = useShellWords();
  const on = useShortcutsOn();
  const rows: [string[], string][] = [
    [['?'], say('keys.help')],
    [['/'], say('keys.search')],
    [['j'], say('keys.next')],
    [['k'], say('keys.previous')],
    [['Enter'], say('keys.open')],
    ...entries.map((entry): [string[], string] => [['g', entry.key], say('keys.go', { page: say(entry.word) })]),
    [['Esc'], say('keys.close')],
  ];
  return (
    <Modal
      title={say('keysTitle')}
      open={open}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      closable={{ 'aria-label': say('close') }}
    >
      <table className="keys">
        <thead>
          <tr>
            <th scope="col">{say('key')}</th>
            <th scope="col">{say('does')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([keys, does]) => (
            <tr key={keys.join(' ')}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="check">
        <input type="checkbox" checked={on} onChange={(event) => switchShortcuts(event.target.checked)} />{' '}
        {say('keysOn')}
      </label>
      <p className="field-hint">{say('keysHint')}</p>
    </Modal>
  );
}
