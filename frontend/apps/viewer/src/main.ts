import { createSSRApp } from 'vue'
import App from './App.vue'
// #ifdef H5
import AsyncTrouble from './components/AsyncTrouble.vue'
// #endif

export function createApp() {
  const app = createSSRApp(App)
  // #ifdef H5
  app.component('AsyncTrouble', AsyncTrouble)
  // #endif
  return { app }
}
