/** What the media plane says of a show: of the last five seconds (docs/protocols/media.md). */
export interface Beat {
  state: string
  protocol: string
  connected_at: number
  video_kbps: number
  audio_kbps: number
  fps: number
  key_every_ms: number
  longest_gap_ms: number
  silent_ms: number
  viewers: number
  cut: number
}

/** Above this the publisher's network stutters so that viewers see it. */
export const STUTTER_MS = 700

/** The figures stand beside the playlist, opened by the same token. */
export const beatAddress = (playlist: string): string => playlist.replace('.m3u8', '.json')

export async function readBeat(playlist: string, signal: AbortSignal): Promise<Beat | null> {
  const response = await fetch(beatAddress(playlist), { signal })
  return response.ok ? ((await response.json()) as Beat) : null
}

export const stutters = (beat: Beat | null): boolean => beat !== null && beat.longest_gap_ms > STUTTER_MS
