/** Whether the phone has a network, as far as it knows itself. */
import { ref } from 'vue'

export const online = ref(true)

export function watchNetwork(): void {
  uni.getNetworkType({ success: ({ networkType }) => (online.value = networkType !== 'none') })
  uni.onNetworkStatusChange(({ isConnected }) => (online.value = isConnected))
}
