import { fieldOf, isCreditCode, wrongIn } from '@/rules/invoice'

// The same codes as in the server's tests: their holders publish them.
const REAL = ['91440300708461136T', '9144030071526726XG', '91330100799655058B', '91110000802100433B']

test.each(REAL)('%s is a credit code however it is written, and with one sign wrong it is none', (code) => {
  expect(isCreditCode(` ${code.slice(0, 8).toLowerCase()} ${code.slice(8)}`)).toBe(true)
  for (let place = 0; place < 18; place += 1) {
    const other = code[place] === '1' ? '2' : '1'
    expect(isCreditCode(code.slice(0, place) + other + code.slice(place + 1))).toBe(false)
  }
})

test('what is missing is said beside its field, and a person needs no tax number', () => {
  const wish = { title_kind: 'company' as const, title: '', tax_no: '123', email: 'nowhere' }
  expect(Object.keys(wrongIn(wish))).toEqual(['title', 'tax_no', 'email'])
  expect(wrongIn({ ...wish, title_kind: 'person', title: '张小满', email: 'zhang@example.com' })).toEqual({})
})

test('a refusal of the server leads to its field', () => {
  expect(fieldOf('invoice_tax_no_invalid')).toBe('tax_no')
  expect(fieldOf('invoice_asked')).toBeNull()
})
