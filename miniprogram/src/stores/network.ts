/** Whether the phone has a network, as far as it knows itself. */
import { ref } from 'vue'

export const online = ref(true)

export function watchNetwork(): void {
  uni.getNetworkType({ success: ({ networkType }) => (online.value = networkType !== 'none') })
  uni.onNetworkStatusChange(({ isConnected }) => (online.value = isConnected))
  // #ifdef H5
  // Browsers without the connection API still say this much.
  window.addEventListener('offline', () => (online.value = false))
  window.addEventListener('online', () => (online.value = true))
  // #endif
}
