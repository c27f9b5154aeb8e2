import { Tooltip } from '@mantine/core'
import { Icon } from '../../shared/Icon'
import { Field } from '../../shared/inputs'

/** Something that cannot change: readable, focusable, with its reason. */
export function LockedInput({ label, value, reason, mono = false, hideLabel = false }: { label: string; value: string; reason: string; mono?: boolean; hideLabel?: boolean }) {
  return (
    <Field label={label} hideLabel={hideLabel}>
      {({ id }) => (
        <Tooltip label={reason} multiline w={280} position="bottom">
          <span className="inp ro lockedinput">
            <input id={id} readOnly value={value} className={mono ? 'mono' : ''} aria-describedby={`${id}-why`} />
            <Icon name="lock" />
            <span className="vh" id={`${id}-why`}>{reason}</span>
          </span>
        </Tooltip>
      )}
    </Field>
  )
}
