import { profile, type ProfileField, type Told } from '@/api/profile'
import { tell, tellError } from '@/stores/notice'

import { useCommand } from './useCommand'

type Act =
  | { kind: 'tell'; field: ProfileField; told: Told[ProfileField] }
  | { kind: 'skip' | 'takeBack'; field: ProfileField }
  | { kind: 'profiling'; on: boolean }

/** What a member does with their profile: one thing at a time, each read back from the server when it is done. */
export function useProfile(reload: () => Promise<void>) {
  const { busy, run } = useCommand(send)

  async function send(act: Act, key: string): Promise<string> {
    switch (act.kind) {
      case 'tell': {
        const { points_awarded: points } = await profile.tell(act.field, act.told, key)
        return points ? `已保存，获得 ${points} 积分` : '已保存'
      }
      case 'skip':
        await profile.skip(act.field, key)
        return ''
      case 'takeBack':
        await profile.takeBack(act.field, key)
        return '已清除'
      case 'profiling':
        await profile.profiling(act.on, key)
        return act.on ? '已打开个性化分析' : '已关闭个性化分析'
    }
  }

  /** True when it is done; a refusal is told, and the page shows how things are now. */
  async function act(what: Act): Promise<boolean> {
    try {
      const said = await run(what)
      if (said === undefined) return false
      if (said) tell(said, 'good')
      await reload()
      return true
    } catch (error) {
      tellError(error)
      await reload()
      return false
    }
  }

  return { busy, act }
}
