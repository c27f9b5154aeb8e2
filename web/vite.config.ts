import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// Where `vite` finds a running stack while the page is developed: the port of its query_service.
const stack = `http://127.0.0.1:${process.env.STACK_PORT ?? '8003'}`

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/api': stack, '/v1': stack, '/docs': stack } },
  build: {
    target: 'es2022', license: { fileName: 'notices.md' }, chunkSizeWarningLimit: 700, assetsInlineLimit: 0,
    // What most views share comes in one piece: each file costs a kilobyte of headers.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', test: /\/src\/(?:shared|report|filters|api)\// }] } } },
  },
  test: {
    // Rules need no document, and making one takes longer than most of their tests.
    projects: [
      { extends: true, test: { name: 'rules', include: ['src/**/*.test.ts'], environment: 'node' } },
      { extends: true, test: { name: 'parts', include: ['src/**/*.test.tsx'], environment: 'happy-dom', setupFiles: ['src/testing/setup.ts'] } },
    ],
    maxWorkers: 2,
    // Nothing here is about time: a slow machine is not a failure.
    testTimeout: 60_000,
    restoreMocks: true,
  },
})
