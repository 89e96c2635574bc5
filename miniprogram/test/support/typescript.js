// TypeScript for Jest by the same esbuild that builds the app.
const { transformSync } = require('esbuild')

module.exports = {
  process(source, filename) {
    const plain = source.replace(/import\.meta\.env/g, '({})')
    const { code, map } = transformSync(plain, { loader: 'ts', format: 'cjs', target: 'es2020', sourcefile: filename, sourcemap: true })
    return { code, map }
  },
}
