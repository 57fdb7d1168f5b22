import { type Chapter, EMPTY_VIEW, type Moment, ReplayTimeline } from '@kaibo/client'
import { computed, ref, shallowRef } from 'vue'
import { ORIGIN } from '@/platform/page'
import { useRecorded } from './recorded'
import { api } from './session'
import { type Trouble, troubleOf } from './trouble'

const LINES = 40
/** Chat and shelf change by this step; a finer one would only cost. */
const STEP_MS = 250
const WINDOW_MS = 30 * 60_000

/** The replay of a program: its picture, and the room as it was at the picture's moment. */
export function useReplay() {
  const picture = useRecorded()
  const timeline = shallowRef(new ReplayTimeline([]))
  const chapters = shallowRef<Chapter[]>([])
  const trouble = ref<Trouble | null>(null)

  async function open(content: string): Promise<void> {
    trouble.value = null
    try {
      const { url } = await api.contentPlay(content)
      const playlist = url.startsWith('/') ? ORIGIN + url : url
      await Promise.all([
        picture.showRecorded({ url: playlist, kind: 'playlist' }, { failed: () => (trouble.value = 'error') }),
        loadTimeline(content),
      ])
    } catch (error) {
      trouble.value = troubleOf(error)
    }
  }

  async function loadTimeline(content: string): Promise<void> {
    const moments: Moment[] = []
    let begin = EMPTY_VIEW
    for (let from = 0; ; ) {
      const window = await api.timeline(content, from, from + WINDOW_MS)
      if (from === 0) begin = { ...EMPTY_VIEW, ...window.view }
      moments.push(...window.moments)
      timeline.value = new ReplayTimeline([...moments], begin)
      chapters.value = window.chapters
      picture.duration.value = window.duration_ms
      from = window.next_ms ?? window.to_ms
      if (from >= window.duration_ms) return
    }
  }

  const step = computed(() => Math.floor(picture.position.value / STEP_MS) * STEP_MS)
  const view = computed(() => timeline.value.viewAt(step.value))
  const lines = computed(() => timeline.value.linesAt(step.value, LINES))

  return { picture, trouble, open, view, lines, chapters }
}
