import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// Where `vite` finds a running stack while the page is developed: the port of its query_service.
const stack = `http://127.0.0.1:${process.env.STACK_PORT ?? '8003'}`

/** Chunks of the view that most visits begin with, and of its chart. */
const FIRST_VIEW = ['BuilderView', 'echarts']

/** Lets a browser fetch and compile the first view's code while it runs the page's own. */
function preloadFirstView(): Plugin {
  return {
    name: 'preload-first-view',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((item) => item.type === 'chunk')
        const wanted = new Set(chunks.filter(({ name }) => FIRST_VIEW.includes(name)).map(({ fileName }) => fileName))
        for (const file of wanted) chunks.find(({ fileName }) => fileName === file)?.imports.forEach((found) => wanted.add(found))
        return [...wanted].filter((file) => !html.includes(file)).map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` }, injectTo: 'head' as const }))
      },
    },
  }
}

export default defineConfig({
  plugins: [react(), preloadFirstView()],
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
