import type { RiskMap } from '@hutong/contract/watch.ts';
import { useFormat } from '../../app/format.ts';
import { riskShades } from '../../app/theme.ts';
import type { Figure } from './map-figures.ts';

export type Drawn = {
  map: RiskMap;
  figures: Map<string, Figure>;
  shade(figure: Figure): number | null;
  text(figure: Figure): string;
  letters: Map<string, string>;
  label: string;
};

/** One cell per district, about where it lies; colour and number together. The table beside it is its accessible form. */
export function TileGrid({ map, figures, shade, text, letters, label }: Drawn) {
  const { pick } = useFormat();
  const names = new Map(map.areas.map((area) => [area.area, area]));
  return (
    <div className="tile-grid" role="img" aria-label={label}>
      {map.tiles.map((tile) => {
        const area = names.get(tile.area);
        const figure = figures.get(tile.area) ?? { kind: 'gap' as const };
        const step = shade(figure);
        const colours = step === null ? null : riskShades[step];
        const letter = letters.get(tile.area);
        return (
          <div
            key={tile.area}
            className={`map-tile${figure.kind === 'gap' ? ' map-gap' : ''}${letter ? ' map-cluster' : ''}${area?.until ? ' map-abolished' : ''}`}
            style={{
              gridColumn: tile.column + 1,
              gridRow: tile.row + 1,
              ...(colours && { background: colours.ground, color: colours.text }),
            }}
            title={area && `${pick(area)} ${text(figure)}`}
          >
            <span className="map-name">{area ? pick(area.short) : tile.area}</span>
            <span className="map-value">{text(figure)}</span>
            {letter && <b className="map-letter">{letter}</b>}
          </div>
        );
      })}
    </div>
  );
}
