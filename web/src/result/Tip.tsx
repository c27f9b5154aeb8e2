/** A line of a tooltip: what, its exact value, and its share where parts add up. */
export type TipLine = { token: string | null; label: string; value: string; share: string | null; strong?: boolean }
export type TipContent = { title: string; lines: TipLine[] }

const MOST_LINES = 12

/** Beside the pointer: the exact figures of one category or mark. The table says the same to those who do not see it. */
export function Tip({ content, x, y, width, height }: { content: TipContent; x: number; y: number; width: number; height: number }) {
  const shares = content.lines.some((line) => line.share !== null)
  const side = x > width / 2 ? { right: width - x + 16 } : { left: x + 16 }
  return (
    <div className="tip rc-tip" style={{ ...side, ...(y > height / 2 ? { bottom: 8 } : { top: 8 }) }} aria-hidden="true">
      <p className="strong">{content.title}</p>
      <table>
        <tbody>
          {content.lines.slice(0, MOST_LINES).map((line, at) => (
            <tr key={at} className={line.strong === true ? 'ft' : ''}>
              <td>{line.token === null ? null : <span className="dot" style={{ background: `var(--${line.token})` }} />}<span className="rc-tiplabel">{line.label}</span></td>
              <td className="n num">{line.value}</td>
              {shares ? <td className="n num">{line.share ?? ''}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
      {content.lines.length > MOST_LINES ? <p className="mut">+ {content.lines.length - MOST_LINES}</p> : null}
    </div>
  )
}
