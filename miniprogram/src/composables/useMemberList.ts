import { onReachBottom } from '@dcloudio/uni-app'

import type { Page } from '@/api/types'

import { useMemberPage } from './useMemberPage'
import { usePaged, type Identified } from './usePaged'

/** A page of a member's own list: what `useMemberPage` and `usePaged` give, and more of it at the page's end. */
export function useMemberList<T extends Identified, P extends Page<T>>(fetch: (cursor?: string) => Promise<P>) {
  const list = usePaged<T, P>(fetch)
  const page = useMemberPage<P>(list.first)
  onReachBottom(list.next)
  return { ...list, ...page }
}
