import { onUnmounted, ref } from 'vue'
import { usePicture } from './picture'

const SPEEDS = [1, 1.25, 1.5, 2]

/** A recorded picture: its position in ms in step with the screen, seeking, speed. */
export function useRecorded() {
  const picture = usePicture()
  const position = ref(0)
  const duration = ref(0)
  const speed = ref(1)
  let frame = 0

  /** Reads the position once per animation frame while the picture moves. */
  function follow(video: HTMLVideoElement): void {
    const read = (): void => {
      position.value = video.currentTime * 1000
      if (Number.isFinite(video.duration)) duration.value = video.duration * 1000
    }
    for (const name of ['timeupdate', 'durationchange', 'seeking']) video.addEventListener(name, read)
    const step = (): void => {
      if (!video.paused) read()
      frame = requestAnimationFrame(step)
    }
    step()
  }

  function seek(ms: number): void {
    const video = picture.video.value
    if (!video) return
    position.value = ms
    video.currentTime = ms / 1000
    void picture.start()
  }

  function faster(): void {
    speed.value = SPEEDS[(SPEEDS.indexOf(speed.value) + 1) % SPEEDS.length] ?? 1
    if (picture.video.value) picture.video.value.playbackRate = speed.value
  }

  onUnmounted(() => cancelAnimationFrame(frame))
  return { ...picture, position, duration, speed, follow, seek, faster }
}

export type Recorded = ReturnType<typeof useRecorded>
