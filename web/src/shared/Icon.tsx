import type { ReactNode } from 'react'

/** The drawings of all icons: paths on a 16 × 16 grid, stroked with the text's colour. */
const drawings = {
  chevronDown: <path d="m4 6 4 4 4-4"/>,
  chevronRight: <path d="m6 4 4 4-4 4"/>,
  chevronLeft: <path d="m10 4-4 4 4 4"/>,
  chevronUp: <path d="m4 10 4-4 4 4"/>,
  search: <><circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.25 3.25"/></>,
  globe: <><circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c-4 3.5-4 8.5 0 12 4-3.5 4-8.5 0-12"/></>,
  help: <><circle cx="8" cy="8" r="6"/><path d="M6.3 6.4c0-2.3 3.5-2.2 3.5 0 0 1.4-1.8 1.4-1.8 2.9M8 11.4v.01"/></>,
  person: <><circle cx="8" cy="5.5" r="2.75"/><path d="M2.75 13.75c.6-5 9.9-5 10.5 0"/></>,
  calendar: <><rect x="2.25" y="3.25" width="11.5" height="10.5" rx="1.5"/><path d="M2.25 6.5h11.5M5.25 1.75v3M10.75 1.75v3"/></>,
  filter: <path d="M2.25 3h11.5L9.5 8.2v4.3L6.5 13.5V8.2z"/>,
  list: <><path d="M2.5 4h.01M2.5 8h.01M2.5 12h.01" strokeWidth="2"/><path d="M5.75 4h8M5.75 8h8M5.75 12h8"/></>,
  check: <path d="m3.5 8.5 3 3 6-7"/>,
  text: <text x="8" y="11.4" textAnchor="middle" className="abc">Abc</text>,
  checklist: <><path d="m1.75 4 1 1L4.6 3M1.75 11l1 1 1.85-2"/><path d="M7.25 4.25h6.5M7.25 11.25h6.5M7.25 7.75h4"/></>,
  hourglass: <path d="M4 2.25h8M4 13.75h8M4.75 2.25c0 3.2 2.3 3.7 2.3 5.75s-2.3 2.55-2.3 5.75M11.25 2.25c0 3.2-2.3 3.7-2.3 5.75s2.3 2.55 2.3 5.75"/>,
  number: <path d="M6.2 2.5 4.8 13.5M11.2 2.5 9.8 13.5M2.8 6h10.9M2.3 10h10.9"/>,
  money: <><circle cx="8" cy="8" r="6"/><path d="M10 6.1c-.4-.7-1.1-1-2-1-1.1 0-2 .5-2 1.4C6 8.6 10.1 7.5 10.1 9.6c0 1-.9 1.4-2.1 1.4-1 0-1.8-.4-2.2-1.1M8 4v8.1"/></>,
  link: <path d="M6.75 9.25a2.75 2.75 0 0 0 4 .1l2-2a2.8 2.8 0 0 0-4-4l-.9.9M9.25 6.75a2.75 2.75 0 0 0-4-.1l-2 2a2.8 2.8 0 0 0 4 4l.9-.9"/>,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.2"/>,
  lock: <><rect x="3.25" y="7" width="9.5" height="6.75" rx="1.5"/><path d="M5.25 7V4.9c0-3.6 5.5-3.6 5.5 0V7"/></>,
  table: <><rect x="2" y="2.75" width="12" height="10.5" rx="1.5"/><path d="M2 6.25h12M2 9.75h12M6.5 6.25v7"/></>,
  undo: <><path d="M5.5 3 2.5 6l3 3"/><path d="M2.75 6H9.5a3.75 3.5 0 0 1 0 7H6"/></>,
  redo: <><path d="m10.5 3 3 3-3 3"/><path d="M13.25 6H6.5a3.75 3.5 0 0 0 0 7H10"/></>,
  download: <path d="M8 2v8M4.75 7 8 10.25 11.25 7M2.5 13.5h11"/>,
  upload: <path d="M8 10.25V2.5M4.75 5.5 8 2.25 11.25 5.5M2.5 13.5h11"/>,
  checkCircle: <><circle cx="8" cy="8" r="6"/><path d="m5.25 8.2 2 2 3.5-4.2"/></>,
  plus: <path d="M8 3v10M3 8h10"/>,
  close: <path d="m4 4 8 8M12 4l-8 8"/>,
  minus: <path d="M4 8h8"/>,
  line: <path d="m2 11.5 3.5-4.5 3 2.5L14 3.5"/>,
  area: <path d="m2 10.5 3.5-4.5 3 2.5L14 3.5v9.5H2z" fill="currentColor" fillOpacity=".35"/>,
  pie: <><circle cx="8" cy="8" r="5.75"/><path d="M8 2.25V8l4.5 3.5"/></>,
  single: <path d="M4 5.5 6 4v8M9.5 5.5c.5-2 4-2 4 .3C13.5 8 9.5 9.5 9.3 12h4.4"/>,
  scatter: <><path d="M2.5 2.5v11h11"/><path d="M5.5 10h.01M8 7.5h.01M10 9.5h.01M11.5 4.5h.01M12.8 7h.01" strokeWidth="2.2"/></>,
  funnel: <path d="M2 3h12M4 6.5h8M5.5 10h5M7 13.25h2" strokeWidth="2"/>,
  heatmap: <><rect x="2.25" y="2.25" width="11.5" height="11.5" rx="1.5"/><path d="M2.25 6.1h11.5M2.25 9.9h11.5M6.1 2.25v11.5M9.9 2.25v11.5"/></>,
  bar: <path d="M3.5 13V8M8 13V3M12.5 13V6" strokeWidth="2.4"/>,
  settings: <><path d="M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7"/><circle cx="10.75" cy="4.5" r="1.75"/><circle cx="5.25" cy="11.5" r="1.75"/></>,
  arrowUp: <path d="M8 13V3M4 7l4-4 4 4"/>,
  arrowDown: <path d="M8 3v10M4 9l4 4 4-4"/>,
  warning: <path d="M8 2.25 14.25 13.25H1.75zM8 6.5v3M8 11.3v.01"/>,
  refresh: <path d="M13.5 7A5.6 5.6 0 0 0 3.3 5M2.5 9a5.6 5.6 0 0 0 10.2 2M3 2.25V5h2.75M13 13.75V11h-2.75"/>,
  clock: <><circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.75"/></>,
  ticket: <><path d="M2 4h12v2.5a1.5 1.5 0 0 0 0 3V12H2V9.5a1.5 1.5 0 0 0 0-3z"/><path d="M9.5 4.5v7" strokeDasharray="1.5 1.5"/></>,
  booking: <><rect x="2.25" y="3.25" width="11.5" height="10.5" rx="1.5"/><path d="M2.25 6.5h11.5M5.25 1.75v3M10.75 1.75v3M6 10l1.5 1.3L10.25 8.7"/></>,
  box: <path d="m8 1.75 5.75 3v6.5L8 14.25l-5.75-3v-6.5zM2.5 5 8 8l5.5-3M8 8v6"/>,
  code: <path d="m5 4.5-3.5 3.5L5 11.5M11 4.5l3.5 3.5-3.5 3.5"/>,
  bolt: <path d="M9 1.75 3.5 9H8l-1 5.25L12.5 7H8z"/>,
  cart: <><path d="M1.75 2.5H3.5l1.6 7.5h7l1.4-5.5H4"/><circle cx="6" cy="12.75" r="1"/><circle cx="11.25" cy="12.75" r="1"/></>,
  external: <path d="M9 2.5h4.5V7M13.25 2.75 7.5 8.5M12 9.5v4H2.5V4h4"/>,
  alert: <><circle cx="8" cy="8" r="6"/><path d="M8 4.75V8.5M8 11v.01"/></>,
  info: <><circle cx="8" cy="8" r="6"/><path d="M8 7.5V11.25M8 5v.01"/></>,
  grip: <path d="M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01" strokeWidth="2"/>,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>,
  pause: <path d="M5.5 3v10M10.5 3v10" strokeWidth="2.2"/>,
  play: <path d="M5 3.25v9.5L12.75 8z"/>,
  trash: <path d="M2.75 4.25h10.5M6 4.25V2.5h4v1.75M4 4.25l.75 9.25h6.5L12 4.25M6.75 7v3.75M9.25 7v3.75"/>,
  edit: <path d="m10.5 2.75 2.75 2.75L6 12.75l-3.5.75.75-3.5zM9 4.25 11.75 7"/>,
  copy: <><rect x="5.25" y="5.25" width="8.25" height="8.25" rx="1.5"/><path d="M3.5 10.5a1 1 0 0 1-1-1V3.5a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1"/></>,
  expand: <path d="M9.5 2.5h4v4M13.25 2.75 9.5 6.5M6.5 13.5h-4v-4M2.75 13.25 6.5 9.5"/>,
  print: <path d="M4.5 6V2.5h7V6M4.5 11.5h-2V6.75h11v4.75h-2M4.5 9.5h7v4h-7z"/>,
  sun: <><circle cx="8" cy="8" r="2.75"/><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"/></>,
  moon: <path d="M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75z"/>,
  signOut: <path d="M6.5 2.5h-4v11h4M10 4.75 13.25 8 10 11.25M13 8H6"/>,
  sigma: <path d="M12 4V2.75H4L8.5 8 4 13.25h8V12"/>,
  eye: <><path d="M1.75 8C4.5 2.75 11.5 2.75 14.25 8 11.5 13.25 4.5 13.25 1.75 8z"/><circle cx="8" cy="8" r="1.75"/></>,
  pin: <path d="M8 9.5v4.25M5 2.25h6M6 2.5 5.5 6.25 3.75 8v1.5h8.5V8L10.5 6.25 10 2.5"/>,
  dashboard: <><rect x="2.25" y="2.25" width="5" height="6" rx="1"/><rect x="2.25" y="10.75" width="5" height="3" rx="1"/><rect x="9.25" y="2.25" width="4.5" height="3" rx="1"/><rect x="9.25" y="7.75" width="4.5" height="6" rx="1"/></>,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof drawings

/** An icon beside text. It is hidden from assistive technology: the words say what it means. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return (
    <svg className={`i ${className}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {drawings[name]}
    </svg>
  )
}

const byType: Record<string, IconName> = {
  text: 'text',
  textarea: 'text',
  number: 'number',
  integer: 'number',
  currency: 'money',
  date: 'calendar',
  datetime: 'calendar',
  dropdown: 'list',
  multiselect: 'checklist',
  boolean: 'check',
}

/** The sign of a field's type; never colour alone says what kind a field is. */
export function TypeGlyph({ type }: { type: string }) {
  return <Icon name={byType[type] ?? 'text'} className="g" />
}

const byWord: readonly [RegExp, IconName][] = [
  [/^contact$/, 'person'],
  [/ticket|case|issue|demande/, 'ticket'],
  [/booking|appointment|meeting|event|visit|rendez_vous|reservation/, 'booking'],
  [/order|cart|purchase|commande|panier|achat/, 'cart'],
  [/payment|invoice|subscription|deal|facture|paiement/, 'money'],
  [/survey|response|enquete/, 'checklist'],
]

/** The sign of an object, by the words of its API name: it tells objects apart in lists. */
export function objectIcon(object: string, integration?: string | null): IconName {
  if (integration === 'zendesk') return 'ticket'
  if (integration === 'calendly') return 'booking'
  return byWord.find(([words]) => words.test(object))?.[1] ?? 'box'
}

/** The mark of the product. */
export function BrandMark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="9" cy="12" r="6.5" fill="none" stroke="var(--accent-line)" strokeWidth="2" />
      <circle cx="15" cy="12" r="6.5" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M12 6.23a6.5 6.5 0 0 1 0 11.54 6.5 6.5 0 0 1 0-11.54" fill="var(--accent-line)" opacity=".35" />
    </svg>
  )
}
