import { playHls } from './hls'

const GIVE_UP_MS = 9_000
const WIDEST = 480

/** The newest picture of a live playlist as a JPEG address; null when none came in time. */
export async function takeStill(url: string): Promise<string | null> {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  let end: (picture: string | null) => void = () => undefined
  const taken = new Promise<string | null>((resolve) => (end = resolve))
  const timer = setTimeout(() => end(null), GIVE_UP_MS)
  video.addEventListener('loadeddata', () => end(draw(video)), { once: true })
  const playing = await playHls(video, url, () => end(null))
  try {
    return await taken
  } finally {
    clearTimeout(timer)
    playing.stop()
  }
}

function draw(video: HTMLVideoElement): string | null {
  const scale = Math.min(1, WIDEST / (video.videoWidth || WIDEST))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(video.videoWidth * scale)
  canvas.height = Math.round(video.videoHeight * scale)
  const pen = canvas.getContext('2d')
  if (!pen || !canvas.width) return null
  pen.drawImage(video, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL('image/jpeg', 0.8)
}
