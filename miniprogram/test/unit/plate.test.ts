import { couldBecomePlate, isNewEnergy, isPlate, keysFor, normalisePlate } from '@/rules/plate'
import { formatPlate, PROVINCES } from '@/rules/plateText'

import table from '../../../tests/kernel/spelling.json'

test.each(['京A12345', '沪B8888C', '粤Z1234港', '京A1234警', '苏E0000挂'])('%s is a plate', (plate) => {
  expect(isPlate(plate)).toBe(true)
  expect(isNewEnergy(plate)).toBe(false)
})

test.each(['沪AD12345', '沪AF1234', '粤B12345D', '京AA1A234'])('%s counts as new energy only with eight characters', (plate) => {
  expect(isNewEnergy(plate)).toBe(plate.length === 8 && plate !== '京AA1A234')
})

test.each(['', '京', 'A123456', '京I12345', '京A1234O', '京A123456', '京A12345警', '京A警2345', '沪AD1234X', '港A12345'])(
  '%s is no plate',
  (plate) => {
    expect(isPlate(plate)).toBe(false)
  },
)

test.each(table.plates.read as [string, string][])('%j is the plate %s', (written, spelled) => {
  expect(normalisePlate(written)).toBe(spelled)
  expect(isPlate(spelled)).toBe(true)
})

test.each(table.plates.unknown as [string, string][])('%j is no plate and stays %j', (written, spelled) => {
  expect(normalisePlate(written)).toBe(spelled)
  expect(isPlate(spelled)).toBe(false)
})

test('input is normalised and output is readable', () => {
  expect(normalisePlate(' 沪a·d12345 ')).toBe('沪AD12345')
  expect(formatPlate('沪AD12345')).toBe('沪A·D12345')
  expect(formatPlate('沪')).toBe('沪')
  expect(formatPlate('AB1234')).toBe('AB1234')
})

test('seven characters are wrong only when no eighth can save them', () => {
  expect(couldBecomePlate('沪AD1234')).toBe(true)
  expect(couldBecomePlate('京A12345')).toBe(true)
  expect(couldBecomePlate('京A警2345')).toBe(false)
})

test('the keyboard offers what may come next', () => {
  const texts = (position: number) => keysFor(position).flat().filter((key) => key.enabled).map((key) => key.text)
  expect(texts(0)).toEqual([...PROVINCES])
  expect(new Set(texts(0)).size).toBe(31)
  expect(texts(1)).not.toContain('7')
  expect(texts(1)).not.toContain('I')
  expect(texts(3)).toContain('7')
  expect(texts(3)).not.toContain('警')
  expect(texts(6)).toContain('警')
  expect(texts(7)).not.toContain('警')
  expect(texts(7)).toContain('临')
  expect(texts(8)).toEqual([])
})

test('every plate that the keys can spell to the end is accepted', () => {
  const spelled = ['沪', 'A', 'D', '1', '2', '3', '4', '5']
  spelled.forEach((text, at) => {
    const key = keysFor(at).flat().find((candidate) => candidate.text === text)
    expect(key?.enabled).toBe(true)
  })
  expect(isPlate(spelled.join(''))).toBe(true)
})
