import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call'
import { getQuarantine, type QuarantineItem } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useOps } from './context'
import { byteLength, maskPersonal, messageLines, SHOWN_MOST, type Line } from './masking'
import { filterOf, type QuarantineFilter, type Selection } from './moves'
import { sizeText } from './sizes'

const PAGE = 10

/** The events of a reason and source, the newest first. They stay as they are while they are read. */
export function QuarantineItems({ filter, onMove }: { filter: QuarantineFilter; onMove: (kind: 'replay' | 'discard', selection: Selection) => void }) {
  const t = useT()
  const pages = useInfiniteQuery({
    queryKey: ['quarantine', filter.tenant, 'items', filter.object, filter.code, filter.source],
    queryFn: ({ pageParam, signal }) => call(getQuarantine({ query: { ...filterOf(filter), page_size: PAGE, ...(pageParam === '' ? {} : { page_token: pageParam }) }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_page_token,
    staleTime: Infinity,
  })
  if (pages.isPending) return <Skeletons rows={3} />
  if (pages.isError && pages.data === undefined) return <ProblemNotice error={pages.error} again={() => void pages.refetch()} compact />
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="opsitems">
      {items.length === 0 ? <p className="sub">{t('ops.items.gone')}</p> : null}
      <ul>{items.map((item) => <Item key={item.id} item={item} onMove={onMove} />)}</ul>
      {pages.isFetchNextPageError ? <ProblemNotice error={pages.error} compact /> : null}
      {pages.hasNextPage ? <button type="button" className="btn sm" aria-disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{t('ops.items.more')}</button> : null}
    </div>
  )
}

/** One refused event. Its values, and personal data in its texts, are hidden until they are asked for. */
function Item({ item, onMove }: { item: QuarantineItem; onMove: (kind: 'replay' | 'discard', selection: Selection) => void }) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  const [shown, setShown] = useState(false)
  const words = (text: string) => (shown ? text : maskPersonal(text))
  const move = (kind: 'replay' | 'discard') => onMove(kind, { events: 1, chosen: [{ ids: [item.id] }] })
  return (
    <li className="opsitem">
      <div className="opsabout">
        <p className="strong">{words(item.message)}</p>
        <dl className="opsfacts">
          <div><dt>{t('ops.items.at')}</dt><dd className="mono">{item.pointer === '' ? '/' : item.pointer}</dd></div>
          <div><dt>{t('ops.items.record')}</dt><dd>{item.tenant} · {item.object === '' ? '–' : item.object} · {words(item.record)}</dd></div>
          <div><dt>{t('ops.items.event')}</dt><dd className="mono opswords">{words(item.event_id)}</dd></div>
          <div><dt>{t('ops.items.received')}</dt><dd>{formats.instant(item.received_at, zone, { seconds: true })}</dd></div>
          <div><dt>{t('ops.items.position')}</dt><dd className="mono opswords">{t('ops.items.positionValue', { topic: item.topic, partition: item.partition, offset: String(item.offset) })}</dd></div>
        </dl>
        <div className="row wrap">
          <button type="button" className="btn xs" onClick={() => move('replay')}><Icon name="play" />{t('ops.replay')}</button>
          <button type="button" className="btn xs" onClick={() => move('discard')}><Icon name="trash" />{t('ops.discard')}</button>
        </div>
      </div>
      <Message item={item} shown={shown} onShow={setShown} />
    </li>
  )
}

/** Scrolls a message to its mark, without moving the page. */
function showMark(node: HTMLPreElement | null): void {
  const mark = node?.querySelector('mark')
  if (node !== null && mark != null) node.scrollTop = mark.offsetTop - node.clientHeight / 2
}

const lineText = (line: Line): string => ' '.repeat(line.indent) + line.text

function Copy({ text, label }: { text: string; label: string }) {
  const t = useT()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return <button type="button" className="btn ghost xs" onClick={() => void copy()}><Icon name={copied ? 'check' : 'copy'} />{copied ? t('common.copied') : label}</button>
}

function Message({ item, shown, onShow }: { item: QuarantineItem; shown: boolean; onShow: (shown: boolean) => void }) {
  const t = useT()
  const formats = useFormats()
  const bytes = byteLength(item.payload, item.payload_base64)
  const large = bytes > SHOWN_MOST
  const binary = item.payload_base64 !== null
  const lines = large || binary ? null : messageLines(item.payload, item.pointer, shown)
  // What is copied is what is shown; of a message that is never shown, the button says that it copies the values.
  const copied = large || binary || shown ? (item.payload_base64 ?? item.payload) : lines?.map(lineText).join('\n')
  return (
    <div className="opsmessage">
      <div className="row wrap">
        <span className="s12 mut grow">{shown || large || binary ? t('ops.items.message') : t('ops.items.masked')}</span>
        {large || binary ? null : <button type="button" className="btn ghost xs" aria-pressed={shown} onClick={() => onShow(!shown)}><Icon name="eye" />{t(shown ? 'ops.items.hideValues' : 'ops.items.showValues')}</button>}
        {copied === undefined ? null : <Copy key={String(shown)} text={copied} label={t(large || binary ? 'ops.items.copyValues' : 'common.copy')} />}
      </div>
      {large ? <p className="opspayload mono">{t('ops.notShown', { size: sizeText(bytes, formats, t) })}</p> : null}
      {binary && !large ? <p className="opspayload mono">{t('ops.items.binary', { size: sizeText(bytes, formats, t) })}</p> : null}
      {large || binary ? null : (
        <pre className="opspayload mono" tabIndex={0} aria-label={t('ops.items.message')} ref={showMark}>
          {lines === null ? (shown ? item.payload : t('ops.items.notJson', { size: sizeText(bytes, formats, t) })) : lines.map((line, index) => (
            // The lines of one message never move.
            // oxlint-disable-next-line no-array-index-key
            <span key={index}>{' '.repeat(line.indent)}{line.marked ? <mark>{line.text}</mark> : line.text}{'\n'}</span>
          ))}
        </pre>
      )}
    </div>
  )
}
