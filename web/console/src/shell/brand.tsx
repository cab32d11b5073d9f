/** Two lanes that bend into each other at a red gate. */
export function Mark({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true" focusable="false" className="mark">
      <g fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M10 9h20M10 31h20" />
        <path d="M15 9v7.500a3.500 3.500 0 0 0 3.500 3.500H30" />
        <path d="M25 31v-7.500a3.500 3.500 0 0 0-3.500-3.500H10" />
      </g>
      <circle cx="20" cy="20" r="3.400" className="mark-gate" />
    </svg>
  );
}
