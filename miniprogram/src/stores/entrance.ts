/** The entrance of this opening; a code that no longer hangs anywhere still leads to the mall. */
import { entrances } from '@/api'
import { ApiError } from '@/api/errors'
import type { Entrance } from '@/api/types'

import { setMall } from './session'
import { leaveScene, sceneNow } from './visit'

export async function loadEntrance(): Promise<Entrance> {
  const found = await entrances.get(sceneNow()).catch(orDefault)
  setMall(found.mall)
  return found
}

function orDefault(error: unknown): Promise<Entrance> {
  if (!(error instanceof ApiError) || error.code !== 'entrance_not_found' || !sceneNow()) throw error
  leaveScene()
  return entrances.get('')
}
