import type { Play } from '@kaibo/client'
import { playFlv } from './flv'
import type { Player, PlayerHooks } from './player'
import { playPlaylist } from './playlist'

const FIRST_PICTURE_MS = 8_000

/**
 * The live picture: HTTP-FLV first for its short delay; HLS when FLV is not possible or brings no picture in time.
 * `failed` is called once, when both are at their end.
 */
export async function playLive(video: HTMLVideoElement, play: Play, hooks: PlayerHooks): Promise<Player> {
  let stopped = false
  let current: Player | null = null
  let patience: ReturnType<typeof setTimeout> | null = null

  const settle = (): void => {
    if (patience !== null) clearTimeout(patience)
    patience = null
    video.removeEventListener('playing', settle)
  }
  const fallBack = async (): Promise<void> => {
    settle()
    if (stopped) return
    current?.stop()
    current = null
    const next = await playPlaylist(video, play.hls_url, hooks, { live: true })
    if (stopped) next.stop()
    else current = next
  }

  let started = false
  video.addEventListener('playing', () => (started = true), { once: true })
  video.addEventListener('playing', settle)
  // Once FLV has played, its end is the end of the stream: HLS would have no more than the same.
  const flvFailed = (reason: string): void => {
    if (stopped) return
    if (started) hooks.failed(reason)
    else void fallBack()
  }
  current = await playFlv(video, play.flv_url, { failed: flvFailed })
  if (current) patience = setTimeout(() => void fallBack(), FIRST_PICTURE_MS)
  else await fallBack()

  return {
    seenAt: (serverNow) => current?.seenAt(serverNow) ?? null,
    stop: () => {
      stopped = true
      settle()
      current?.stop()
    },
  }
}
