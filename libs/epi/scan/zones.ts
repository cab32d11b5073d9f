/**
 * Circular zones round every area: an area with its nearest neighbours, growing until a limit. Distances are Euclidean on
 * the coordinates given (project longitude and latitude first where that matters); ties are broken by index.
 */
import { invalid, type Refusal } from '../series.ts';

/** Where areas lie: one point per area, any unit. */
export type Places = { x: Float64Array; y: Float64Array };

/** Zones in compact form: the k-th zone of a centre is the first k entries of `neighbours` from `start[centre]` on. */
export type Zones = { areas: number; start: Int32Array; neighbours: Int32Array };

/** How far a zone may grow. */
export type ZoneLimit = {
  /** Sum of `weights` inside at most this share of all weights. */
  share?: number;
  /** What is summed: population or cases per area. */
  weights?: Float64Array;
  /** At most so many areas. */
  areas?: number;
  /** At most this far from the centre, in the coordinates' unit. */
  radius?: number;
};

/** Builds the zones of all centres; the centre itself always forms a zone unless its own weight exceeds the share. */
export function circularZones(places: Places, limit: ZoneLimit = {}): Zones | Refusal {
  const n = places.x.length;
  const { share = 1, weights, areas = n, radius = Number.POSITIVE_INFINITY } = limit;
  if (places.y.length !== n) return invalid('places', 'x and y must have the same length');
  if (![...places.x, ...places.y].every(Number.isFinite)) return invalid('places', 'every area needs coordinates');
  if (weights && weights.length !== n) return invalid('weights', 'must have one value per area');
  if (!(share > 0 && share <= 1)) return invalid('share', 'must lie in (0, 1]');
  let total = 0;
  if (weights) for (const w of weights) total += w;
  // a hair of slack: half of the whole must not fail through rounding
  const most = total * share * (1 + 1e-12);
  const start = new Int32Array(n + 1);
  const flat: number[] = [];
  const distance = new Float64Array(n);
  const order = new Int32Array(n);
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      distance[i] = Math.sqrt((places.x[i]! - places.x[c]!) ** 2 + (places.y[i]! - places.y[c]!) ** 2);
      order[i] = i;
    }
    distance[c] = -1;
    order.sort((a, b) => distance[a]! - distance[b]! || a - b);
    let inside = 0;
    for (let k = 0; k < Math.min(areas, n); k++) {
      const area = order[k]!;
      if (distance[area]! > radius) break;
      if (weights) {
        inside += weights[area]!;
        if (inside > most) break;
      }
      flat.push(area);
    }
    start[c + 1] = flat.length;
  }
  return { areas: n, start, neighbours: Int32Array.from(flat) };
}
