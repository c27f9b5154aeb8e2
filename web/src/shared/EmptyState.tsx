import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon'

/** What a view says where there is nothing yet, and what to do next (as children: buttons or links). */
export function EmptyState({ icon, title, text, level = 2, children }: {
  icon: IconName
  title: string
  text?: ReactNode
  level?: 1 | 2 | 3
  children?: ReactNode
}) {
  const Heading = `h${level}` as const
  return (
    <div className="empty">
      <span className="emptyicon"><Icon name={icon} /></span>
      <Heading>{title}</Heading>
      {text === undefined ? null : <p className="sub">{text}</p>}
      {children === undefined ? null : <div className="row wrap">{children}</div>}
    </div>
  )
}
