/** What members tell of themselves; apart from the other endpoints, so that only its page loads it. */
import { client } from './instance'
import type { Consent } from './types'

export type ProfileField = 'preferences' | 'birthday' | 'nearby' | 'household'
export type Nearby = 'home' | 'office' | 'both' | 'neither'

export interface Option {
  code: string
  name: string
}

export interface Birthday {
  month: number
  day: number
  /** Null: not told. */
  year: number | null
}

export interface Children extends Option {
  count: number
}

export interface Profile {
  completeness_bps: number
  /** What may still be asked for, in this order. */
  asks: ProfileField[]
  preferences: string[]
  preference_options: Option[]
  birthday: (Birthday & { next_on: string }) | null
  /** The day from which on the birthday may be changed again; null: now. */
  birthday_changes_from: string | null
  nearby: Nearby | null
  nearby_options: Option[]
  household: { children: Children[]; told_at: string } | null
  household_bands: Option[]
  household_consent: Consent
  most_children: number
  profiling: boolean
  profiling_off_at: string | null
}

/** What a member tells for a field, as its endpoint takes it. */
export interface Told {
  preferences: { categories: string[] }
  birthday: Birthday
  nearby: { nearby: Nearby }
  household: { consent_version: string } & Record<string, number | string>
}

const PATH = '/members/me/profile'

export const profile = {
  get: () => client.get<Profile>(PATH),
  /** Points are given for the preferences alone, and once. */
  tell: (field: ProfileField, told: Told[ProfileField], key: string) =>
    client.post<{ points_awarded?: number }>(
      field === 'preferences' ? '/members/me/tasks/preferences/complete' : `${PATH}/${field}`,
      { body: told, key },
    ),
  skip: (field: ProfileField, key: string) => client.post<object>(`${PATH}/skips`, { body: { field }, key }),
  takeBack: (field: ProfileField, key: string) => client.delete(`${PATH}/${field}`, { key }),
  profiling: (on: boolean, key: string) => client.post<object>(`${PATH}/profiling`, { body: { profiling: on }, key }),
}
