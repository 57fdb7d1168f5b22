import { ref } from 'vue'
import { usePicture } from './platformPicture'

const SPEEDS = [1, 1.25, 1.5, 2]

/** A recorded picture, and how fast it runs. */
export function useRecorded(testid?: string) {
  const picture = usePicture(testid)
  const speed = ref(1)

  function faster(): void {
    speed.value = SPEEDS[(SPEEDS.indexOf(speed.value) + 1) % SPEEDS.length] ?? 1
    picture.setSpeed(speed.value)
  }

  return { ...picture, speed, faster }
}

export type Recorded = ReturnType<typeof useRecorded>
