import { dataOf, fitted } from '@/platform/photos'

test('a photograph is drawn within two million pixels, in its own shape, and never larger than it is', () => {
  expect(fitted(800, 1200)).toEqual({ width: 800, height: 1200 })
  const { width, height } = fitted(3024, 4032)
  expect(width * height).toBeLessThanOrEqual(2_002_000)
  expect(width / height).toBeCloseTo(0.75, 2)
  expect(fitted(1, 9_000_000).width).toBe(1)
})

test('what is sent is the data alone, and nothing that the server would refuse for its weight', () => {
  expect(dataOf('data:image/jpeg;base64,/9j/4AA=')).toBe('/9j/4AA=')
  expect(dataOf('/9j/4AA=')).toBe('/9j/4AA=')
  expect(() => dataOf(`data:image/jpeg;base64,${'A'.repeat(1_800_001)}`)).toThrow('打不开这张照片')
  expect(() => dataOf('data:,')).toThrow()
})
