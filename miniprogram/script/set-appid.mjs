// Writes the mini-program's id into the built project: each mall group has its own, so it is no part of the source.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../dist/build/mp-weixin/project.config.json', import.meta.url)
const appid = process.env.VITE_MINI_APPID

if (appid) {
  const project = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, `${JSON.stringify({ ...project, appid }, null, 2)}\n`)
  process.stdout.write(`mini-program id: ${appid}\n`)
}
