import type { Player, PlayerHooks } from './player'

const MIME = 'application/vnd.apple.mpegurl'

interface WithStartDate extends HTMLVideoElement {
  getStartDate?: () => Date
}

export interface PlaylistOptions {
  live: boolean
  /** Where to begin, in seconds of the playlist. */
  startAt?: number
}

/** HLS: by hls.js where Media Source Extensions are, by the browser itself on iOS. */
export async function playPlaylist(
  video: HTMLVideoElement,
  url: string,
  hooks: PlayerHooks,
  { live, startAt }: PlaylistOptions,
): Promise<Player> {
  const { default: Hls } = await import('./hls')
  if (!Hls.isSupported()) return playNatively(video, url, hooks, startAt)

  const hls = new Hls({
    startPosition: startAt ?? -1,
    ...(live ? { liveSyncDurationCount: 2, maxLiveSyncPlaybackRate: 1.2 } : { maxBufferLength: 20 }),
  })
  let rescued = false
  hls.on(Hls.Events.ERROR, (_event, { fatal, type, details }) => {
    if (!fatal) return
    if (type === Hls.ErrorTypes.MEDIA_ERROR && !rescued) {
      rescued = true
      hls.recoverMediaError()
    } else hooks.failed(details)
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return { seenAt: () => hls.playingDate?.getTime() ?? null, stop: () => hls.destroy() }
}

function playNatively(video: WithStartDate, url: string, hooks: PlayerHooks, startAt?: number): Player {
  if (!video.canPlayType(MIME)) hooks.failed('this browser plays neither FLV nor HLS')
  const broken = (): void => hooks.failed(video.error?.message ?? 'media error')
  video.addEventListener('error', broken)
  video.src = startAt ? `${url}#t=${startAt}` : url
  return {
    seenAt: () => {
      const start = video.getStartDate?.().getTime()
      return start && Number.isFinite(start) ? Math.round(start + video.currentTime * 1000) : null
    },
    stop: () => {
      video.removeEventListener('error', broken)
      video.removeAttribute('src')
      video.load()
    },
  }
}
