import { onHide, onShow } from '@dcloudio/uni-app'
import { computed, onUnmounted, ref } from 'vue'

/** Milliseconds until a moment of this phone's clock, ticking while the page is seen; `done` runs once at zero. */
export function useCountdown(done: () => void = () => undefined) {
  const now = ref(Date.now())
  const until = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  const left = computed(() => Math.max(0, until.value - now.value))

  function tick(): void {
    now.value = Date.now()
    if (until.value === 0 || now.value < until.value) return
    until.value = 0
    done()
  }

  function start(ms: number): void {
    now.value = Date.now()
    until.value = now.value + ms
    resume()
  }

  function resume(): void {
    clearInterval(timer)
    timer = setInterval(tick, 250)
    tick()
  }

  function stop(): void {
    clearInterval(timer)
  }

  onShow(resume)
  onHide(stop)
  onUnmounted(stop)

  return { left, now, start, stop }
}
