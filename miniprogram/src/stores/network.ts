/** Whether the phone has a network, as far as it knows itself. */
import { ref } from 'vue'

export const online = ref(true)

export function watchNetwork(): void {
  // #ifdef H5
  const look = () => (online.value = navigator.onLine)
  for (const change of ['offline', 'online']) window.addEventListener(change, look)
  look()
  // #endif
  // #ifndef H5
  uni.getNetworkType({ success: ({ networkType }) => (online.value = networkType !== 'none') })
  uni.onNetworkStatusChange(({ isConnected }) => (online.value = isConnected))
  // #endif
}
