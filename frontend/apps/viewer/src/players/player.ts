/** A picture being played in a video element. */
export interface Player {
  /** Wall clock (epoch ms) of the picture on screen, by PROGRAM-DATE-TIME where there is one. */
  seenAt: (serverNow: number) => number | null
  stop: () => void
}

export interface PlayerHooks {
  /** The picture can't go on by itself: no such stream, a broken connection, an unknown codec. */
  failed: (reason: string) => void
}

/** Browsers start a picture by themselves only without sound. Resolves with whether it is muted now, null if refused. */
export async function begin(video: HTMLVideoElement): Promise<boolean | null> {
  try {
    await video.play()
    return video.muted
  } catch (error) {
    if ((error as DOMException).name === 'AbortError') return video.muted
    if (video.muted) return null
    video.muted = true
    return begin(video)
  }
}
