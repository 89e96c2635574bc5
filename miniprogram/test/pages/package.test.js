const { readdirSync, readFileSync, statSync } = require('node:fs')
const { join } = require('node:path')

const { ROOT } = require('../support/wechat')

const LIMIT_BYTES = 2 * 1024 * 1024

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}

test('the page that printed codes point to exists under its printed name', () => {
  const app = JSON.parse(readFileSync(join(ROOT, 'app.json'), 'utf8'))
  expect(app.pages).toContain('pages/join/index')
  expect(app.pages[0]).toBe('pages/card/index')
  expect(app.tabBar.list).toHaveLength(4)
})

test('the package fits into what WeChat takes without sub-packages', () => {
  const size = files(ROOT).reduce((sum, file) => sum + statSync(file).size, 0)
  expect(size).toBeLessThan(LIMIT_BYTES)
})

test('styles and templates fetch nothing from anywhere', () => {
  const fetched = files(ROOT)
    .filter((file) => /\.(wxss|wxml)$/.test(file))
    .filter((file) => /(https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}/i.test(readFileSync(file, 'utf8')))
  expect(fetched).toEqual([])
})
