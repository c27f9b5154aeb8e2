import { useState } from 'react'
import { useT } from '../i18n/useT'
import { Dialog } from '../shared/Dialog'
import { TextArea, TextInput } from '../shared/inputs'
import { COLUMNS, MAX_HEIGHT, MIN_HEIGHT, MIN_WIDTH, type Position } from './layout'

const MAX_ROW = 400

/** Puts a tile at a place that is typed: the way for those who do not drag. Columns and rows are counted from 1. */
export function PlaceDialog({ title, position, onPlace, onClose }: { title: string; position: Position; onPlace: (position: Position) => void; onClose: () => void }) {
  const t = useT()
  const [typed, setTyped] = useState({ column: String(position.x + 1), row: String(position.y + 1), width: String(position.w), height: String(position.h) })
  const [tried, setTried] = useState(false)
  const width = whole(typed.width, MIN_WIDTH, COLUMNS)
  const limits = { column: [1, COLUMNS + 1 - (width ?? MIN_WIDTH)], row: [1, MAX_ROW], width: [MIN_WIDTH, COLUMNS], height: [MIN_HEIGHT, MAX_HEIGHT] } as const
  const names = ['column', 'row', 'width', 'height'] as const
  const read = names.map((name) => whole(typed[name], limits[name][0], limits[name][1]))
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    setTried(true)
    const [column, row, w, h] = read
    if (column == null || row == null || w == null || h == null) return
    onPlace({ x: column - 1, y: row - 1, w, h })
    onClose()
  }
  return (
    <Dialog title={t('dashboards.goTo.title', { title })} onClose={onClose} size="sm">
      <form className="placegrid" noValidate onSubmit={submit}>
        {names.map((name, index) => (
          <TextInput
            key={name}
            label={t(`dashboards.goTo.${name}`)}
            inputMode="numeric"
            value={typed[name]}
            onChange={(text) => setTyped({ ...typed, [name]: text })}
            data-autofocus={index === 0 ? true : undefined}
            error={tried && read[index] === null ? t('dashboards.goTo.range', { least: limits[name][0], most: limits[name][1] }) : null}
          />
        ))}
        <div className="row actions">
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary">{t('dashboards.goTo.apply')}</button>
        </div>
      </form>
    </Dialog>
  )
}

function whole(text: string, least: number, most: number): number | null {
  const value = /^\d{1,4}$/.test(text.trim()) ? Number(text) : NaN
  return value >= least && value <= most ? value : null
}

/** The tile's own title and description, instead of those of its report. */
export function TitleDialog({ title, description, placeholder, onSave, onClose }: {
  title: string
  description: string
  placeholder: string
  onSave: (title: string, description: string) => void
  onClose: () => void
}) {
  const t = useT()
  const [typed, setTyped] = useState(title)
  const [text, setText] = useState(description)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    onSave(typed.trim(), text.trim())
    onClose()
  }
  return (
    <Dialog title={t('dashboards.tile.title')} onClose={onClose}>
      <form className="formgrid" noValidate onSubmit={submit}>
        <TextInput label={t('dashboards.titleOf')} hint={t('dashboards.titleHint')} placeholder={placeholder} value={typed} maxLength={200} onChange={setTyped} data-autofocus />
        <TextArea label={t('dashboards.descriptionOf')} value={text} maxLength={1000} onChange={setText} />
        <div className="row actions">
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary">{t('common.apply')}</button>
        </div>
      </form>
    </Dialog>
  )
}
