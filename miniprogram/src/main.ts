import { createSSRApp } from 'vue'

import App from './App.vue'
import { launch } from './platform'
// #ifdef H5
import { openToAll } from './platform/h5-access'
// #endif
import { setUpSession } from './stores/session'

export function createApp() {
  // #ifdef H5
  openToAll(document.body)
  // #endif
  setUpSession(launch())
  return { app: createSSRApp(App) }
}
