// WeChat's page kit, loaded by the scan page inside WeChat only.
import wx from "weixin-js-sdk";

window.huitouWechat = wx;
