/** A drawing only: the houses of a neighbourhood, each with its own lane, meeting at one gate. */
const houses = [
  { x: 30, y: 58, lane: 'M58 84V118q0 16 16 16H206' },
  { x: 112, y: 22, lane: 'M140 48V104q0 16 16 16h50' },
  { x: 356, y: 30, lane: 'M384 56v48q0 16 -16 16h-56' },
  { x: 424, y: 92, lane: 'M452 118q0 16 -16 16H312' },
  { x: 52, y: 196, lane: 'M80 196v-32q0 -16 16 -16H206' },
  { x: 392, y: 206, lane: 'M420 206v-42q0 -16 -16 -16h-92' },
] as const;

function House({ x, y }: { x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <path className="lanes-roof" d="M-6 4Q4 2 8 -6h40q4 8 14 10z" />
      <path className="lanes-wall" d="M2 4h52v22H2z" />
      <path className="lanes-door" d="M24 12h8v14h-8z" />
    </g>
  );
}

export function Lanes() {
  return (
    <svg className="lanes" viewBox="0 0 510 260" aria-hidden="true" focusable="false">
      {houses.map(({ lane }, index) => (
        <g key={lane}>
          <path className="lanes-lane" d={lane} />
          <path className="lanes-pulse" d={lane} pathLength={100} style={{ animationDelay: `${index * -1.1}s` }} />
        </g>
      ))}
      {houses.map(({ x, y, lane }) => (
        <House key={lane} x={x} y={y} />
      ))}
      <g transform="translate(206 66)">
        <path className="lanes-roof" d="M-16 20Q4 16 12 0h82q8 16 28 20z" />
        <path className="lanes-wall lanes-gate-wall" d="M0 20h106v92H0z" />
        <path className="lanes-gate" d="M31 112V52q0 -16 22 -16t22 16v60z" />
        <path className="lanes-leaf" d="M53 38v74" />
        <circle className="lanes-knob" cx="47" cy="78" r="2.400" />
        <circle className="lanes-knob" cx="59" cy="78" r="2.400" />
      </g>
      <path
        className="lanes-record"
        d="M226 206h66a6 6 0 0 1 6 6v34a6 6 0 0 1-6 6h-66a6 6 0 0 1-6-6v-34a6 6 0 0 1 6-6z"
      />
      <path className="lanes-lines" d="M259 178v28M232 220h30M232 230h52M232 240h42" />
    </svg>
  );
}
