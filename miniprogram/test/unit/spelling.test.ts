import { spellPhone } from '@/rules/spelling'

import table from '../../../tests/kernel/spelling.json'

test.each(table.phones.read as [string, string][])('%j is the phone %s', (written, spelled) => {
  expect(spellPhone(written)).toBe(spelled)
  expect(spellPhone(spelled)).toBe(spelled)
})

test.each(table.phones.refused)('%j is no phone', (written) => {
  expect(spellPhone(written)).toBe('')
})
