/// <reference types="vite/client" />
interface ImportMetaEnv {
  /** Where the member API lives for the mini-program, e.g. `https://member.example.com`. */
  readonly VITE_API_BASE?: string
  /** The version of WeChat Pay's plugin of the business circle, where the mini-program has it. */
  readonly VITE_CIRCLE_PLUGIN?: string
}
