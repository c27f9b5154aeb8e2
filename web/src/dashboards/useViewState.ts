import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { decodeView, encodeView, type ViewState } from './viewState'

const NAME = 'f'

/** The reader's own choices, kept in the address: a link carries them, and Back undoes them. */
export function useViewState(): [ViewState, (state: ViewState) => void] {
  const [params, setParams] = useSearchParams()
  const text = params.get(NAME)
  const state = useMemo(() => decodeView(text), [text])
  const change = (next: ViewState) => {
    const encoded = encodeView(next)
    setParams((old) => {
      const made = new URLSearchParams(old)
      if (encoded === null) made.delete(NAME)
      else made.set(NAME, encoded)
      return made
    })
  }
  return [state, change]
}
