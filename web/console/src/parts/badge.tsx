import type { ReactNode } from 'react';
import type { Tone } from '../app/theme.ts';

const signs: Record<Tone, string> = { good: '●', bad: '▲', warn: '◆', info: '■', plain: '○' };

/** A state in colour, sign and word: nobody has to tell colours apart. */
export function Badge({ tone, sign, children }: { tone: Tone; sign?: string; children: ReactNode }) {
  return (
    <span className={`badge tone-${tone}`}>
      <span aria-hidden="true" className={sign ? undefined : 'badge-sign'}>
        {sign ?? signs[tone]}
      </span>
      {children}
    </span>
  );
}
