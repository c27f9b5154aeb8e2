import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

// Mantine asks for both; happy-dom has neither layout nor media.
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  addEventListener: vi.fn(),
  removeEventListener: vi.fn(),
})) as unknown as typeof window.matchMedia

configure({ asyncUtilTimeout: 20_000 })

afterEach(cleanup)
