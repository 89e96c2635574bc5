import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'

// The plugin is CommonJS: under an ESM loader its function sits one `default` deeper.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin

/** The framework's style sheet preloads pictures from its maker's server: our pages ask nobody but their own origin. */
function withoutRemotePictures(): Plugin {
  return {
    name: 'without-remote-pictures',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
        file.source = String(file.source).replace(/url\(["']?https?:\/\/[^)]*\)/g, 'none')
      }
    },
  }
}

export default defineConfig({
  plugins: [uni(), withoutRemotePictures()],
  build: { target: 'es2018', sourcemap: false },
})
