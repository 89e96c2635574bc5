import { money, signed, thousands, yuan } from '@/rules/money'

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [100, '1.00'],
  [123456, '1,234.56'],
  [100000000, '1,000,000.00'],
  [-2050, '-20.50'],
])('%i fen are written %s', (fen, text) => {
  expect(yuan(fen)).toBe(text)
})

test('the minus of an amount stands before the yen sign', () => {
  expect(money(-1000)).toBe('-¥10.00')
  expect(money(1999)).toBe('¥19.99')
})

test('no float is involved where floats would show', () => {
  expect(yuan(1_999_999_999_999_99)).toBe('1,999,999,999,999.99')
})

test('points are grouped and a ledger entry always has its sign', () => {
  expect(thousands(12860)).toBe('12,860')
  expect(signed(50)).toBe('+50')
  expect(signed(-1300)).toBe('-1,300')
  expect(signed(0)).toBe('0')
})
