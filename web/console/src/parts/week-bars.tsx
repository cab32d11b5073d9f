/** Bars of counts, oldest first, the last one in vermilion; null is a gap and hatched at the floor, never a bar of height zero. The label is its text twin. */
export function WeekBars({
  values,
  label,
  width = 160,
  height = 40,
}: {
  values: readonly (number | null)[];
  label: string;
  width?: number;
  height?: number;
}) {
  const top = Math.max(1, ...values.map((value) => value ?? 0));
  const step = width / Math.max(1, values.length);
  return (
    <svg
      className="week-bars"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMinYMid meet"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${height - 0.5}H${width}`} className="week-bars-base" />
      {values.map((value, index) => {
        const x = index * step + step * 0.12;
        const shape = { x, width: step * 0.76 };
        // biome-ignore lint/suspicious/noArrayIndexKey: the position is the time
        if (value === null) return <rect key={index} {...shape} y={height - 5} height={4} className="week-bars-gap" />;
        const tall = value === 0 ? 0 : Math.max(1.5, (value / top) * (height - 3));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the position is the time
            key={index}
            {...shape}
            y={height - 1 - tall}
            height={tall}
            className={index === values.length - 1 ? 'week-bars-now' : undefined}
          />
        );
      })}
    </svg>
  );
}
