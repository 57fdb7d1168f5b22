// #ifdef H5
/** Why there is no picture from the camera. */
export type CameraTrouble = 'insecure' | 'refused' | 'no_camera' | 'no_microphone' | 'taken' | 'unsupported'

export type Facing = 'user' | 'environment'

/** Between what a phone's camera gives and what an uplink of 2 Mbit/s carries well. */
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } }
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }

export class CameraFailed extends Error {
  override readonly name = 'CameraFailed'
  constructor(readonly trouble: CameraTrouble, cause?: unknown) {
    super(trouble, { cause })
  }
}

/** What stands in the way before anybody is asked: a page without HTTPS, a browser that sends no picture we take. */
export function cameraFence(): CameraTrouble | null {
  if (!window.isSecureContext || !navigator.mediaDevices) return 'insecure'
  return window.RTCPeerConnection && pictureCodecs().length ? null : 'unsupported'
}

/** What this browser sends its picture with, and the repair of lost packets: H.264, which the server passes on; VP8 where there is none. */
export function pictureCodecs(): RTCRtpCodec[] {
  const codecs = RTCRtpSender.getCapabilities?.('video')?.codecs ?? []
  const named = (name: string): RTCRtpCodec[] => codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${name}`)
  const wanted = named('h264').length ? named('h264') : named('vp8')
  return wanted.length ? [...wanted, ...named('rtx')] : []
}

/** Camera and microphone. @throws CameraFailed */
export async function openCamera(facing: Facing): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, facingMode: facing }, audio: SOUND })
  } catch (cause) {
    throw new CameraFailed(await troubleOf(cause), cause)
  }
}

/** Only the picture: for another camera while the sound goes on. @throws CameraFailed */
export async function openPicture(which: { facing: Facing } | { device: string }): Promise<MediaStreamTrack> {
  const wanted = 'facing' in which ? { facingMode: { exact: which.facing } } : { deviceId: { exact: which.device } }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, ...wanted } })
    return stream.getVideoTracks()[0] as MediaStreamTrack
  } catch (cause) {
    throw new CameraFailed(await troubleOf(cause), cause)
  }
}

/** A camera that is not this one, for those that don't say where they look; empty if there is none. */
export async function anotherCamera(than: string): Promise<string> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  return devices.find(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== than)?.deviceId ?? ''
}

async function troubleOf(cause: unknown): Promise<CameraTrouble> {
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  if (name !== 'NotFoundError' && name !== 'OverconstrainedError') return 'taken'
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  return devices.some(({ kind }) => kind === 'videoinput') ? 'no_microphone' : 'no_camera'
}

export async function hasSeveralCameras(): Promise<boolean> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  return devices.filter(({ kind }) => kind === 'videoinput').length > 1
}

/** Shows a stream in `host`, silent: one's own voice must not come back. */
export function showStream(host: HTMLElement, stream: MediaStream): HTMLVideoElement {
  const video = host.querySelector('video') ?? document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.autoplay = true
  video.setAttribute('data-testid', 'camera-video')
  video.style.cssText = 'width:100%;height:100%;display:block;object-fit:cover'
  if (!video.parentElement) host.appendChild(video)
  video.srcObject = stream
  void video.play().catch(() => undefined)
  return video
}

const LIGHT_GRID = 24

/** Mean brightness of what a video shows, 0 to 1; null while there is nothing. */
export function brightness(video: HTMLVideoElement | null): number | null {
  if (!video?.videoWidth) return null
  const canvas = Object.assign(document.createElement('canvas'), { width: LIGHT_GRID, height: LIGHT_GRID })
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return null
  context.drawImage(video, 0, 0, LIGHT_GRID, LIGHT_GRID)
  const { data } = context.getImageData(0, 0, LIGHT_GRID, LIGHT_GRID)
  let sum = 0
  for (let at = 0; at < data.length; at += 4) sum += 0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!
  return sum / (LIGHT_GRID * LIGHT_GRID * 255)
}

const STILL = { width: 900, height: 1200, type: 'image/jpeg', quality: 0.86 }

/** What a video shows now as a cover of 3:4, cut from its middle. */
export async function takeStill(video: HTMLVideoElement): Promise<Blob> {
  const { videoWidth, videoHeight } = video
  const scale = Math.max(STILL.width / videoWidth, STILL.height / videoHeight)
  const [width, height] = [videoWidth * scale, videoHeight * scale]
  const canvas = Object.assign(document.createElement('canvas'), { width: STILL.width, height: STILL.height })
  canvas.getContext('2d')?.drawImage(video, (STILL.width - width) / 2, (STILL.height - height) / 2, width, height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), STILL.type, STILL.quality)
  })
}

/** Loudness of a stream's microphone, 0 to 1, whenever it is asked. */
export function listen(stream: MediaStream): { level: () => number; stop: () => void } {
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: 1024 })
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return {
    level() {
      if (context.state === 'suspended') void context.resume().catch(() => undefined)
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      // -50 dB is a quiet room, -10 dB a loud voice.
      return Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-10) + 50) / 40))
    },
    stop: () => void context.close().catch(() => undefined),
  }
}
// #endif
