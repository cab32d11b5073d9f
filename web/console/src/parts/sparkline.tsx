/** Bars per hour, oldest first. The label says the numbers; the picture is for the eye only. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const top = Math.max(1, ...values);
  const step = 4;
  return (
    <svg
      className="sparkline"
      width={values.length * step}
      height="26"
      viewBox={`0 0 ${values.length * step} 26`}
      role="img"
      aria-label={label}
    >
      <path d={`M0 25.500H${values.length * step}`} className="sparkline-base" />
      {values.map((value, hour) => {
        const height = value === 0 ? 0 : Math.max(1.5, (value / top) * 23);
        // biome-ignore lint/suspicious/noArrayIndexKey: the position is the hour
        return <rect key={hour} x={hour * step + 0.5} y={25 - height} width={step - 1} height={height} />;
      })}
    </svg>
  );
}
