import { createSSRApp, watch } from 'vue'

import App from './App.vue'
import { launch } from './platform'
// #ifdef H5
import AppMissing from './components/AppMissing.vue'
import { fetchAhead } from './platform/ahead'
import { watchBack } from './platform/back'
import { openToAll } from './platform/h5-access'
// #endif
import { paintFrame } from './platform/frame'
import { isDark, setUpLook } from './stores/look'
import { setUpSession } from './stores/session'

export function createApp() {
  // #ifdef H5
  openToAll(document.body)
  watchBack(window)
  // #endif
  setUpLook()
  setUpSession(launch())
  const app = createSSRApp(App)
  // #ifndef H5
  // WeChat paints the frame of every page anew when it is shown.
  app.mixin({ onShow: () => paintFrame(isDark.value) })
  // #endif
  // #ifdef H5
  app.component('AppMissing', AppMissing)
  fetchAhead()
  // #endif
  watch(isDark, paintFrame, { immediate: true })
  return { app }
}
