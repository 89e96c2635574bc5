// Inside WeChat its own scanner is the fastest: `wx.scanQRCode`, allowed by a signature of this page's address.
import { get } from "./api.js";

export const insideWechat = /MicroMessenger/i.test(navigator.userAgent);

let ready = null;

// Resolves with a code, or null when the person cancelled. Rejects when WeChat's kit is not to be had here.
export async function scanWithWechat(sdkUrl) {
  ready ??= prepare(sdkUrl);
  const wx = await ready;
  return new Promise((resolve, reject) => {
    wx.scanQRCode({
      needResult: 1,
      scanType: ["qrCode", "barCode"],
      success: ({ resultStr }) => resolve(resultStr.replace(/^(?:CODE_|EAN_|UPC_|ITF)[^,]*,/, "")),
      cancel: () => resolve(null),
      fail: (error) => reject(new Error(error.errMsg)),
    });
  });
}

async function prepare(sdkUrl) {
  const page = location.href.split("#")[0];
  const [config] = await Promise.all([get(`/wechat-signature?page=${encodeURIComponent(page)}`), load(sdkUrl)]);
  const wx = window.huitouWechat;
  return new Promise((resolve, reject) => {
    wx.ready(() => resolve(wx));
    wx.error((error) => reject(new Error(error.errMsg)));
    wx.config({ debug: false, jsApiList: ["scanQRCode"], ...config });
  });
}

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error("WeChat's kit did not load"));
    document.head.append(script);
  });
}
