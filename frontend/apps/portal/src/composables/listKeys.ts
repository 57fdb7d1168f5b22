import { onMounted, onUnmounted } from 'vue'

type Handler = (key: string) => boolean

/** Who listens to the keys of lists; what was opened last is asked first. */
const listeners: Handler[] = []

/** Takes letters that are pressed while nothing is typed; says whether the key was for it. */
export function useListKeys(act: Handler): void {
  onMounted(() => listeners.push(act))
  onUnmounted(() => listeners.splice(listeners.indexOf(act), 1))
}

export const pressListKey = (key: string): boolean => listeners.toReversed().some((act) => act(key))
