/** What lies around a page: the browser's window, or WeChat's bar above and what shows when a page is pulled. */

export function paintFrame(dark: boolean): void {
  // #ifdef H5
  document.documentElement.classList.toggle('dark', dark)
  // #endif
  // #ifndef H5
  const backgroundColor = dark ? '#121214' : '#f5f4f2'
  uni.setNavigationBarColor({ frontColor: dark ? '#ffffff' : '#000000', backgroundColor })
  uni.setBackgroundColor({ backgroundColor, backgroundColorTop: backgroundColor, backgroundColorBottom: backgroundColor })
  uni.setBackgroundTextStyle({ textStyle: dark ? 'light' : 'dark' })
  // #endif
}
