import { defineConfig } from 'vitest/config'

const server = process.env.KAIBO_WEB_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  base: '/docs/',
  build: { target: 'es2022' },
  server: { host: '127.0.0.1', proxy: { '/openapi.json': server } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
})
