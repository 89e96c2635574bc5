import { contrastOf, DEFAULT_ACCENT, themeOf, themeStyle } from '@/rules/colour'

const ACCENTS = ['#8c4a2f', '#f5c518', '#ff6f61', '#0052d9', '#000000', '#ffffff', '#7fd', '#2e7d32']

test.each(ACCENTS)('everything written in or on %s can be read', (accent) => {
  const theme = themeOf(accent)
  expect(contrastOf(theme.onAccent, theme.accent)).toBeGreaterThanOrEqual(4.5)
  expect(contrastOf(theme.onAccent, theme.accentDeep)).toBeGreaterThanOrEqual(4.5)
  expect(contrastOf(theme.accentInk, '#ffffff')).toBeGreaterThanOrEqual(4.5)
  expect(contrastOf(theme.accentInk, theme.accentSoft)).toBeGreaterThanOrEqual(4.5)
})

test.each(ACCENTS)('everything written in or on %s can be read on a dark page, and buttons stand out', (accent) => {
  for (const far of [null, '#fde68a', '#155e75']) {
    const theme = themeOf(accent, far, true)
    expect(contrastOf(theme.onAccent, theme.accent)).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(theme.onAccent, theme.accentDeep)).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(theme.accentInk, '#1e1e21')).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(theme.accentInk, theme.accentSoft)).toBeGreaterThanOrEqual(4.5)
    expect(contrastOf(theme.accent, '#121214')).toBeGreaterThanOrEqual(3)
  }
})

test('a band between two colours of the mall is written on readably, or runs to a shade', () => {
  const theme = themeOf('#0f766e', '#155e75')
  expect([theme.accent, theme.accentDeep, theme.onAccent]).toEqual(['#0f766e', '#155e75', '#ffffff'])
  expect(themeOf('#0f766e', '#fde68a')).toEqual(themeOf('#0f766e'))
})

test('a mall without a usable colour gets the colour of the product', () => {
  expect(themeOf('red; background: url(x)')).toEqual(themeOf(DEFAULT_ACCENT))
  expect(themeOf(null)).toEqual(themeOf(DEFAULT_ACCENT))
})

test('the theme becomes CSS variables and nothing else', () => {
  expect(themeStyle(themeOf('#0052d9'))).toMatch(/^(--[a-z-]+:#[0-9a-f]{6,8};?)+$/)
})
