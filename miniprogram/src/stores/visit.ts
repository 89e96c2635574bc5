/** This opening of the app: the entrance it came through and a key of its own. */
import type { Visit } from '@/api'
import { uuid } from '@/rules/ids'

let scene = ''
let visitKey = uuid()

/** A new scan is a new opening, also when the app was open already. */
export function arrive(at: string): void {
  if (at === scene) return
  scene = at
  visitKey = uuid()
}

export function visit(): Visit {
  return scene ? { scene, visit_key: visitKey } : { visit_key: visitKey }
}

export function sceneNow(): string {
  return scene
}
