// The live camera: frames are scaled down and read one after the other until a code is seen.

const LONGEST_SIDE = 640;
const BETWEEN_FRAMES_MS = 80;

export class Camera {
  constructor(video, getDecoder) {
    this.video = video;
    this.getDecoder = getDecoder;
    this.canvas = document.createElement("canvas");
    this.stream = null;
  }

  get isOpen() {
    return this.stream !== null;
  }

  // Resolves with a code, or with null when the camera was closed. Rejects when it may not or cannot be opened.
  async scan() {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no camera", "NotFoundError");
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    try {
      return await this.readFrames(await this.getDecoder());
    } finally {
      this.close();
    }
  }

  async readFrames(decode) {
    while (this.isOpen) {
      const code = this.draw() ? await decode(this.canvas) : null;
      if (code) return code;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_FRAMES_MS));
    }
    return null;
  }

  draw() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth) return false;
    drawScaled(this.canvas, this.video, videoWidth, videoHeight, LONGEST_SIDE);
    return true;
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }
}

// Reads a code from a picture file at two sizes, or null.
export async function readPhoto(file, decode) {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  for (const side of [1600, 800]) {
    drawScaled(canvas, picture, picture.width, picture.height, side);
    const code = await decode(canvas);
    if (code) return code;
  }
  return null;
}

function drawScaled(canvas, picture, width, height, longestSide) {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(picture, 0, 0, canvas.width, canvas.height);
}

// Why the camera did not open, and what to do instead.
export function problemText(error) {
  if (error.name === "NotAllowedError") return "没有摄像头权限：请在浏览器设置中允许，或输入券码、识别照片。";
  if (error.name === "NotReadableError") return "摄像头被其他应用占用：请关闭后重试，或输入券码。";
  if (!window.isSecureContext) return "当前网址不是 https，浏览器不允许使用摄像头：请输入券码、识别照片或使用扫码枪。";
  return "这台设备没有可用的摄像头：请输入券码、识别照片或使用扫码枪。";
}
