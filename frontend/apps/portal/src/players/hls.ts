/** hls.js behind one small door: it is loaded when the first picture is wanted. */
import type Hls from 'hls.js'

export interface Playing {
  stop: () => void
}

/** Plays a playlist in `video`. `failed` is called once, when the picture can't be brought back. */
export async function playHls(video: HTMLVideoElement, url: string, failed: () => void): Promise<Playing> {
  const { default: Engine } = await import('hls.js/light')
  if (!Engine.isSupported()) return playNatively(video, url, failed)

  const engine = new Engine({
    enableWorker: true,
    liveSyncDurationCount: 2,
    maxBufferLength: 20,
    backBufferLength: 30,
  })
  let recovered = false
  engine.on(Engine.Events.ERROR, (_event, { fatal, type }) => {
    if (!fatal) return
    if (type === Engine.ErrorTypes.MEDIA_ERROR && !recovered) {
      recovered = true
      engine.recoverMediaError()
      return
    }
    engine.destroy()
    failed()
  })
  engine.loadSource(url)
  engine.attachMedia(video)
  return { stop: () => leave(engine, video) }
}

function playNatively(video: HTMLVideoElement, url: string, failed: () => void): Playing {
  video.addEventListener('error', failed, { once: true })
  video.src = url
  return {
    stop: () => {
      video.removeEventListener('error', failed)
      leave(null, video)
    },
  }
}

function leave(engine: Hls | null, video: HTMLVideoElement): void {
  engine?.destroy()
  video.removeAttribute('src')
  video.load()
}
