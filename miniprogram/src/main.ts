import { createSSRApp } from 'vue'

import App from './App.vue'
import { launch } from './platform'
import { setUpSession } from './stores/session'

export function createApp() {
  setUpSession(launch())
  return { app: createSSRApp(App) }
}
