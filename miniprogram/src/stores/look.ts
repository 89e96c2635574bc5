/** How pages look: light or dark, and how large text is. The phone's own settings count until somebody chooses here. */
import { computed, reactive } from 'vue'

import { typeScale, type Chosen, type Scheme, type TypeSize } from '@/rules/look'
import { watchSystem } from '@/platform/system-look'

const KEY = 'huitou.look'

const state = reactive({ scheme: 'system' as Scheme, type: '' as TypeSize | '', systemDark: false, systemType: 1 })

export const look = state
export const isDark = computed(() => (state.scheme === 'system' ? state.systemDark : state.scheme === 'dark'))
export const scale = computed(() => typeScale(state.type, state.systemType))
export const typeSize = computed<TypeSize>(() => (scale.value > 1 ? 'large' : 'standard'))

export function setUpLook(): void {
  Object.assign(state, uni.getStorageSync(KEY) as Chosen | '')
  watchSystem((system) => Object.assign(state, system))
}

export function choose(wish: Partial<Chosen>): void {
  Object.assign(state, wish)
  uni.setStorageSync(KEY, { scheme: state.scheme, type: state.type })
}
