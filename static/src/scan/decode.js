// Reading codes from a picture: the browser's own detector where there is one, zxing compiled to WebAssembly elsewhere.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const FORMATS = ["QRCode", "Code128"];

// A function from a canvas to the first code on it, or null.
export async function makeDecoder(wasmUrl) {
  const native = await makeNative();
  if (native) return native;
  await prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
  return async (canvas) => {
    const pixels = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height);
    const [found] = await readBarcodes(pixels, { formats: FORMATS, maxNumberOfSymbols: 1, tryHarder: true });
    return found?.text || null;
  };
}

async function makeNative() {
  if (!("BarcodeDetector" in window)) return null;
  try {
    const known = await window.BarcodeDetector.getSupportedFormats();
    if (!known.includes("qr_code")) return null;
    const formats = ["qr_code", "code_128"].filter((format) => known.includes(format));
    const detector = new window.BarcodeDetector({ formats });
    return async (canvas) => (await detector.detect(canvas))[0]?.rawValue || null;
  } catch {
    return null;
  }
}
