const BARS: [number, number][] = [[34, 18], [42, 22], [40, 30], [56, 26], [62, 30], [58, 40], [74, 36], [82, 34], [78, 46]]

/** A faint chart: what is to come. */
export function FirstPicture() {
  return (
    <svg className="firstpicture" viewBox="0 0 248 160" width="248" height="160" aria-hidden="true" focusable="false">
      <path d="M0 150.5h248" stroke="var(--axis)" />
      <path d="M0 100.5h248M0 50.5h248" stroke="var(--grid)" />
      {BARS.map(([lower, upper], index) => (
        <g key={lower * 100 + upper} opacity=".22">
          <rect x={8 + index * 26} y={150 - lower} width="16" height={lower} rx="2" fill="var(--c1)" />
          <rect x={8 + index * 26} y={149 - lower - upper} width="16" height={upper} rx="2" fill="var(--c2)" />
        </g>
      ))}
    </svg>
  )
}
