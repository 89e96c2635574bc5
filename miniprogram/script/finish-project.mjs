// Makes the built mini-program a project that WeChat's developer tools open as it is: the id, which each mall group has
// for itself and which is no part of the source, and what WeChat's search may index, which is the page to join by.
import { readFileSync, writeFileSync } from 'node:fs'

const built = new URL('../dist/build/mp-weixin/', import.meta.url)

function write(name, content) {
  writeFileSync(new URL(name, built), `${JSON.stringify(content, null, 2)}\n`)
}

write('sitemap.json', {
  rules: [
    { action: 'allow', page: 'pages/join/index' },
    { action: 'disallow', page: '*' },
  ],
})

// A mini-program may name a plugin only after its account was given it.
const circle = process.env.VITE_CIRCLE_PLUGIN
if (circle) {
  const app = JSON.parse(readFileSync(new URL('app.json', built), 'utf8'))
  write('app.json', { ...app, plugins: { 'business-circle': { version: circle, provider: 'wxfab2bf944bfc4da6' } } })
}

const appid = process.env.VITE_MINI_APPID
if (appid) {
  const project = JSON.parse(readFileSync(new URL('project.config.json', built), 'utf8'))
  write('project.config.json', { ...project, appid })
  process.stdout.write(`mini-program id: ${appid}\n`)
}
