import { factorOf, typeScale } from '@/rules/look'

test('text is as large as the phone says until somebody chooses', () => {
  expect([16, 17, 19, 23, undefined].map(factorOf)).toEqual([1, 1, 1.12, 1.35, 1])
  expect(typeScale('', 1)).toBe(1)
  expect(typeScale('', 1.12)).toBe(1.12)
  expect(typeScale('', 2)).toBe(1.3)
})

test('chosen large is never smaller than the phone, chosen standard is standard', () => {
  expect(typeScale('large', 1)).toBe(1.2)
  expect(typeScale('large', 1.25)).toBe(1.25)
  expect(typeScale('standard', 1.3)).toBe(1)
})
