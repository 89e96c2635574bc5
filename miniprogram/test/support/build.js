// The page tests run what WeChat would run: the built mini-program, made anew when a source is younger.
const { execFileSync } = require('node:child_process')
const { existsSync, readdirSync, statSync } = require('node:fs')
const { join } = require('node:path')

const ROOT = join(__dirname, '..', '..')
const BUILT = join(ROOT, 'dist', 'build', 'mp-weixin', 'app.json')

function youngest(folder) {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? youngest(path) : statSync(path).mtimeMs
    }),
  )
}

module.exports = async () => {
  const fresh = existsSync(BUILT) && statSync(BUILT).mtimeMs > youngest(join(ROOT, 'src'))
  if (!fresh) execFileSync('npm', ['run', '--silent', 'build:mp-weixin'], { cwd: ROOT, stdio: 'ignore' })
}
