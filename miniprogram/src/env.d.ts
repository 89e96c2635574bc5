/// <reference types="vite/client" />
interface ImportMetaEnv {
  /** Where the member API lives for the mini-program, e.g. `https://member.example.com`. */
  readonly VITE_API_BASE?: string
}
