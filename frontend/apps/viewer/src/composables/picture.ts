import type { Play } from '@kaibo/client'
import type { Ref } from 'vue'
import type { PlayerHooks } from '@/players/player'

/** Something recorded: a playlist (HLS) or one file. */
export interface Recording {
  url: string
  kind: 'playlist' | 'file'
  poster?: string
  loop?: boolean
}

/** A place on the screen in which a picture plays, whatever the platform plays it with. */
export interface Picture {
  /** There is something to play on. */
  ready: Ref<boolean>
  playing: Ref<boolean>
  waiting: Ref<boolean>
  muted: Ref<boolean>
  /** The platform waits for a tap before anything may play. */
  blocked: Ref<boolean>
  landscape: Ref<boolean>
  /** Of a recorded picture, ms. */
  position: Ref<number>
  duration: Ref<number>
  showLive: (play: Play, hooks: PlayerHooks) => Promise<void>
  showRecorded: (recording: Recording, hooks: PlayerHooks) => Promise<void>
  /** Stops what plays. */
  rest: () => void
  start: () => Promise<void>
  togglePlay: () => void
  toggleSound: () => void
  seek: (ms: number) => void
  setSpeed: (rate: number) => void
  /** Wall clock (epoch ms) of the picture on screen, null where the platform can't tell. */
  seenAt: (serverNow: number) => number | null
}
