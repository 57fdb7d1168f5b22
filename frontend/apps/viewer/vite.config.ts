import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

// The plugin is CommonJS: its default export arrives wrapped when this file is loaded as a module.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin

// `npm run dev` beside running workers: everything of the server's is passed on to it.
const server = process.env.KAIBO_WEB_URL ?? 'http://127.0.0.1:8000'
const passedOn = Object.fromEntries(['/v1', '/o', '/seg'].map((path) => [path, { target: server, changeOrigin: false }]))

export default defineConfig({
  plugins: [uni()],
  build: { target: 'es2018' },
  server: { host: '127.0.0.1', proxy: passedOn },
})
