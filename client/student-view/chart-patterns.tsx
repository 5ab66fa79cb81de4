/** Patterns that say without colour what a column of the chart is; `id` keeps those of two charts apart. */
export function ChartPatterns({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-now`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="chart-pattern-paper" width="6" height="6" />
        <rect className="chart-pattern-bar" width="3.5" height="6" />
      </pattern>
      <pattern id={`${id}-vacation`} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <rect className="chart-pattern-quiet" width="1.5" height="8" />
      </pattern>
      <pattern id={`${id}-pause`} width="8" height="8" patternUnits="userSpaceOnUse">
        <circle className="chart-pattern-quiet" cx="4" cy="4" r="1.4" />
      </pattern>
    </defs>
  );
}
