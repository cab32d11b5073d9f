import type { LineList } from '@hutong/contract/surveillance.ts';
import { useFormat } from '../../app/format.ts';
import { colours } from '../../app/theme.ts';
import { useLineListWords } from './words.ts';

const width = 480;
const row = 15;
const middle = 64;

export const useBandWords = (): ((from: number) => string) => {
  const say = useLineListWords();
  return (from) => (from >= 85 ? say('yearsOver', { from }) : say('years', { from, to: from + 4 }));
};

/** Men to the left, women to the right, the youngest at the foot. */
export function Pyramid({ bands }: { bands: LineList['pyramid'] }) {
  const say = useLineListWords();
  const words = useBandWords();
  const { number } = useFormat();
  const all = Array.from({ length: 18 }, (_, index) => {
    const from = (17 - index) * 5;
    return { from, male: 0, female: 0, ...bands.find((band) => band.from === from) };
  });
  const most = Math.max(1, ...all.flatMap(({ male, female }) => [male, female]));
  const side = (width - middle) / 2 - 30;
  const scale = (value: number): number => (value / most) * side;
  const [left, right] = [(width - middle) / 2, (width + middle) / 2];
  return (
    <svg className="curve" viewBox={`0 0 ${width} ${all.length * row + 24}`} role="img" aria-label={say('pyramidText')}>
      <text x={left} y={14} textAnchor="end" fontSize="12" fill={colours.inkSoft}>
        {say('male')}
      </text>
      <text x={right} y={14} fontSize="12" fill={colours.inkSoft}>
        {say('female')}
      </text>
      {all.map(({ from, male, female }, index) => {
        const y = 20 + index * row;
        return (
          <g key={from}>
            <text x={width / 2} y={y + 11} textAnchor="middle" fontSize="11" fill={colours.inkSoft}>
              {from >= 85 ? '85+' : `${from}–${from + 4}`}
              <title>{words(from)}</title>
            </text>
            <rect x={left - scale(male)} y={y + 2} width={scale(male)} height={row - 4} fill={colours.indigo} />
            <rect x={right} y={y + 2} width={scale(female)} height={row - 4} fill={colours.amber} />
            {male > 0 && (
              <text x={left - scale(male) - 4} y={y + 11} textAnchor="end" fontSize="11" fill={colours.ink}>
                {number(male)}
              </text>
            )}
            {female > 0 && (
              <text x={right + scale(female) + 4} y={y + 11} fontSize="11" fill={colours.ink}>
                {number(female)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
