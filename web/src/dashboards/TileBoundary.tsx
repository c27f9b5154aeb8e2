import { Component, type ReactNode } from 'react'

type Props = { children: ReactNode; failed: (error: Error, again: () => void) => ReactNode }

/** Keeps a tile that cannot be drawn to itself: the others stay. */
export class TileBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    const { error } = this.state
    return error === null ? this.props.children : this.props.failed(error, () => this.setState({ error: null }))
  }
}
