import { createSSRApp } from 'vue'
import App from './App.vue'
import AsyncTrouble from './components/AsyncTrouble.vue'

export function createApp() {
  const app = createSSRApp(App)
  app.component('AsyncTrouble', AsyncTrouble)
  return { app }
}
