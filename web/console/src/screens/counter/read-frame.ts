type Detector = { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> };
type DetectorClass = { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> };

type QrReader = (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

/** Longest side of the picture that is searched; more only costs time. */
const longest = 800;

/**
 * How a picture of the camera is read: by the browser where it can (Barcode Detection API), otherwise by jsQR, which is fetched only then.
 * @returns a function that answers with the text of a QR code in the picture, or null
 */
export async function frameReader(): Promise<(video: HTMLVideoElement) => Promise<string | null>> {
  const native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (native && (await native.getSupportedFormats().catch((): string[] => [])).includes('qr_code')) {
    const detector = new native({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? null;
  }
  const library: unknown = (await import('jsqr')).default;
  // A CommonJS package: as the bundler and as Node see it, the function may lie one step deeper.
  const read = (typeof library === 'function' ? library : (library as { default: unknown }).default) as QrReader;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight, 1));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!context || canvas.width === 0) return null;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return read(data, width, height)?.data ?? null;
  };
}
