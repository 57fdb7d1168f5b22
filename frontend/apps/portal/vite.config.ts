import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// `npm run dev` beside running workers: everything of the server's is passed on to it.
const server = process.env.KAIBO_WEB_URL ?? 'http://127.0.0.1:8000'
const passedOn = Object.fromEntries(['/v1', '/o', '/seg'].map((path) => [path, { target: server, changeOrigin: false }]))

export default defineConfig({
  base: '/portal/',
  plugins: [vue()],
  resolve: {
    alias: { '@': fileURLToPath(new URL('src', import.meta.url)) },
    // Packages hoisted to the workspace's root would bring the viewer's Vue along.
    dedupe: ['vue', 'vue-router'],
  },
  build: { target: 'es2022', chunkSizeWarningLimit: 700 },
  server: { host: '127.0.0.1', proxy: passedOn },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
