/** The entrance of this opening; the server knows where a code leads that no longer hangs anywhere. */
import { entrances } from '@/api'
import type { Entrance } from '@/api/types'

import { setMall } from './session'
import { sceneNow } from './visit'

export async function loadEntrance(): Promise<Entrance> {
  const found = await entrances.get(sceneNow())
  setMall(found.mall)
  return found
}
