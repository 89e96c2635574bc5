import { groups, isSmsCode, sceneOf } from '@/rules/code'
import { uuid } from '@/rules/ids'

test('codes are read in groups of four', () => {
  expect(groups('ABCDEFGH')).toBe('ABCD EFGH')
  expect(groups('ABCDEFGHJ2')).toBe('ABCD EFGH J2')
  expect(groups('AB CD EF')).toBe('ABCD EF')
})

test('a scene is decoded, and nonsense is no scene', () => {
  expect(sceneOf('LIFT%2D3')).toBe('LIFT-3')
  expect(sceneOf('%E0%A4%A')).toBe('')
  expect(sceneOf('a b<script>')).toBe('')
  expect(sceneOf('x'.repeat(33))).toBe('')
  expect(sceneOf(undefined)).toBe('')
})

test('SMS codes are checked before they are sent', () => {
  expect(isSmsCode('012345')).toBe(true)
  expect(isSmsCode('12345')).toBe(false)
})

test('ids are version 4 and never the same', () => {
  const ids = Array.from({ length: 500 }, uuid)
  expect(new Set(ids).size).toBe(500)
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
