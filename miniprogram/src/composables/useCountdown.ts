import { computed, onUnmounted, ref } from 'vue'

const TICK_MS = 250

/** Milliseconds until a moment of this phone's clock; `done` runs once at zero, also after a sleep of the phone. */
export function useCountdown(done: () => void = () => undefined) {
  const now = ref(Date.now())
  const until = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  const left = computed(() => Math.max(0, until.value - now.value))

  function tick(): void {
    now.value = Date.now()
    if (now.value < until.value) return
    stop()
    done()
  }

  function start(ms: number): void {
    stop()
    now.value = Date.now()
    until.value = now.value + ms
    timer = setInterval(tick, TICK_MS)
  }

  function stop(): void {
    clearInterval(timer)
  }

  onUnmounted(stop)

  return { left, start, stop }
}
