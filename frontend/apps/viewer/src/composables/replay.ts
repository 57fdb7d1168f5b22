import { atOf, type Chapter, EMPTY_VIEW, offsetOf, playlistDuration, readSpans, type RoomEvent, ReplayTimeline, type Span } from '@kaibo/client'
import { computed, ref, shallowRef, watch } from 'vue'
import { ORIGIN } from '@/platform/page'
import { playPlaylist } from '@/players/playlist'
import { useRecorded } from './recorded'
import { api } from './session'
import { type Trouble, troubleOf } from './trouble'

const WINDOW_MS = 30 * 60_000
const LINES = 40

/** A chapter with its place in the playlist. */
export interface PlacedChapter extends Chapter {
  fromMs: number
  toMs: number
}

/** The replay of a program: its picture, and the room as it was at the picture's moment. */
export function useReplay() {
  const picture = useRecorded()
  const timeline = shallowRef(new ReplayTimeline([]))
  const spans = shallowRef<Span[]>([])
  const trouble = ref<Trouble | null>(null)

  async function open(content: string): Promise<void> {
    trouble.value = null
    try {
      const { url } = await api.contentPlay(content)
      const playlist = url.startsWith('/') ? ORIGIN + url : url
      spans.value = readSpans(await readText(playlist))
      picture.duration.value = playlistDuration(spans.value)
      await Promise.all([play(playlist), loadTimeline(content)])
    } catch (error) {
      trouble.value = troubleOf(error)
    }
  }

  async function play(playlist: string): Promise<void> {
    const video = picture.video.value
    if (!video) return
    picture.follow(video)
    picture.hold(await playPlaylist(video, playlist, { failed: () => (trouble.value = 'error') }, { live: false }))
    await picture.start()
  }

  async function loadTimeline(content: string): Promise<void> {
    const first = spans.value[0]
    const last = spans.value[spans.value.length - 1]
    if (!first || !last) return
    const end = last.fromAt + last.durationMs
    const events: RoomEvent[] = []
    let view = EMPTY_VIEW
    for (let from: number | null = Math.floor(first.fromAt); from !== null && from < end; ) {
      const to: number = Math.min(from + WINDOW_MS, Math.ceil(end))
      const page = await api.timeline(content, from, to)
      if (!events.length) view = { ...EMPTY_VIEW, ...page.view }
      events.push(...page.events)
      timeline.value = new ReplayTimeline([...events], view)
      from = page.next_ms ?? (to < end ? to : null)
    }
  }

  /** Chat and shelf change by the second; a finer step would only cost. */
  const at = ref(0)
  watch([picture.position, spans], ([ms]) => {
    const now = Math.floor(atOf(spans.value, ms as number) / 250) * 250
    if (now !== at.value) at.value = now
  })
  const view = computed(() => timeline.value.viewAt(at.value))
  const lines = computed(() => timeline.value.linesAt(at.value, LINES))
  const pinned = computed(() => view.value.offers.find(({ id }) => id === view.value.pinned) ?? null)
  const chapters = computed<PlacedChapter[]>(() =>
    timeline.value.chapters.map((chapter) => ({
      ...chapter,
      fromMs: offsetOf(spans.value, chapter.fromAt),
      toMs: offsetOf(spans.value, chapter.toAt),
    })),
  )

  return { picture, trouble, open, view, lines, pinned, chapters }
}

function readText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.request({
      url,
      dataType: 'text',
      success: ({ statusCode, data }) => (statusCode < 400 ? resolve(String(data)) : reject(new Error(`playlist: HTTP ${statusCode}`))),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })
}
