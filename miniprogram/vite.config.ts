import { createHash } from 'node:crypto'

import uniPlugin from '@dcloudio/vite-plugin-uni'
import postcss from 'postcss'
import { defineConfig, type Plugin } from 'vite'

// The plugin is CommonJS: under an ESM loader its function sits one `default` deeper.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin

const FOR_BROWSERS = process.env.UNI_PLATFORM === 'h5'

/** The framework's style sheets, with what is used of them, before their names are made of what they hold. */
function frameworkStyles(): Plugin {
  return {
    name: 'framework-styles',
    apply: 'build',
    enforce: 'pre',
    transform: (css, id) => (/@dcloudio\/.*\.css$/.test(id) ? { code: trimmed(css), map: null } : null),
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        // The framework writes one by itself and names it by all that it held.
        const whole = Object.values(bundle).find((file) => /uni\.\w+\.css$/.test(file.fileName))
        const page = bundle['index.html']
        if (whole?.type !== 'asset' || page?.type !== 'asset') throw new Error('the framework builds in another way now')
        const source = trimmed(String(whole.source))
        const fileName = `assets/uni.${createHash('sha256').update(source).digest('hex').slice(0, 8)}.css`
        page.source = String(page.source).replaceAll(whole.fileName, fileName)
        delete bundle[whole.fileName]
        this.emitFile({ type: 'asset', fileName, source })
      },
    },
  }
}

/** What the framework can do and no page of ours uses. Its plugin switches all of it on and has to be overruled. */
function withoutUnusedFeatures(): Plugin {
  const off = [
    '__UNI_FEATURE_WXS__',
    '__UNI_FEATURE_RPX__',
    '__UNI_FEATURE_LONGPRESS__',
    ...['EN', 'ES', 'FR', 'ZH_HANT'].map((language) => `__UNI_FEATURE_I18N_${language}__`),
  ]
  return {
    name: 'without-unused-features',
    apply: 'build',
    enforce: 'post',
    config: () => ({ define: Object.fromEntries(off.map((feature) => [feature, false])) }),
  }
}

// Elements, kinds of buttons and bars of the framework that no page of ours has.
const UNUSED_STYLES =
  /uni-tabbar|uni-page-(?:refresh|head)|uni-loading|uni-async-loading|uni-mask|uni-fade|uni-image|uni-toast|uni-icon|uni-s\w+-toast|\[(?:native|plain|loading|size|type=(?:default|primary|warn))|uni-cover|shadow-preload|nvue|--UI-/

/** What is left of a style sheet without them, and without pictures from its maker's server: we ask only our own. */
function trimmed(css: string): string {
  const sheet = postcss.parse(css)
  sheet.walkRules((rule) => {
    const used = rule.selectors.filter((one) => !UNUSED_STYLES.test(one))
    if (used.length) rule.selectors = used
    else rule.remove()
  })
  sheet.walkDecls((one) => {
    if (UNUSED_STYLES.test(one.prop) || UNUSED_STYLES.test(one.value)) one.remove()
    else one.value = one.value.replace(/url\(["']?https?:\/\/[^)]*\)/g, 'none')
  })
  sheet.walkAtRules('keyframes', (rule) => void (UNUSED_STYLES.test(rule.params) && rule.remove()))
  return sheet.toString()
}

// Two files beside the page's own: the framework, which browsers keep over our releases, and what nearly every page
// shows, the card first of all. A dozen small ones weigh more.
const TOGETHER: [string, RegExp][] = [
  ['framework', /node_modules|vite\/preload-helper|plugin-vue:export-helper/],
  ['joining', /src\/(?:components\/(?:SmsForm|ConsentSheet|ConfettiBurst)|composables\/useCommand)/],
  [
    'shared',
    /src\/(?:App|api(?!\/profile)|stores|icons|platform|composables\/use(?:Load|MemberPage|Countdown)|rules\/(?:time|money|plateText|code|spelling|colour|ids|look|proof)|components\/(?:App|Bottom|State|Skeleton|Guest|Mall|Offer|Code|CouponTicket))/,
  ],
]

function together(id: string): string | undefined {
  return TOGETHER.find(([, members]) => members.test(id))?.[0]
}

export default defineConfig({
  plugins: [uni(), ...(FOR_BROWSERS ? [frameworkStyles(), withoutUnusedFeatures()] : [])],
  build: {
    target: FOR_BROWSERS ? 'es2020' : 'es2018',
    sourcemap: false,
    modulePreload: { polyfill: false },
    rollupOptions: FOR_BROWSERS ? { output: { manualChunks: together } } : {},
  },
})
