/** How a live picture is doing, told by its own playlist. */

export interface Edge {
  /** When the newest closed segment ends, by the clock of the ingest. */
  edgeAt: number
  /** Longest segment, ms. */
  targetMs: number
  /** Breaks in the playlist's window: the publisher was away. */
  breaks: number
}

export type Health = 'good' | 'stutter' | 'late' | 'stalled' | 'waiting'

/** Reads a media playlist (RFC 8216); null without a dated segment. */
export function readEdge(playlist: string): Edge | null {
  let edgeAt: number | null = null
  let targetMs = 0
  let breaks = 0
  let nextMs = 0
  for (const line of playlist.split('\n')) {
    const [tag, value = ''] = cut(line.trim())
    if (tag === '#EXT-X-TARGETDURATION') targetMs = Number(value) * 1000
    else if (tag === '#EXT-X-DISCONTINUITY') breaks += 1
    else if (tag === '#EXT-X-PROGRAM-DATE-TIME') edgeAt = Date.parse(value)
    else if (tag === '#EXTINF') nextMs = parseFloat(value) * 1000
    else if (tag && !tag.startsWith('#') && edgeAt !== null) {
      edgeAt += nextMs
      nextMs = 0
    }
  }
  return edgeAt === null || Number.isNaN(edgeAt) ? null : { edgeAt: Math.round(edgeAt), targetMs, breaks }
}

const cut = (line: string): [string, string?] => {
  if (!line.startsWith('#')) return [line]
  const colon = line.indexOf(':')
  return colon < 0 ? [line] : [line.slice(0, colon), line.slice(colon + 1)]
}

/** A closed segment may be as old as the open one is long: late is beyond twice that, stalled beyond four times. */
export function judge(edge: Edge | null, now: number): Health {
  if (!edge) return 'waiting'
  const age = now - edge.edgeAt
  const step = Math.max(edge.targetMs, 2_000)
  if (age <= 2 * step + 1_000) return 'good'
  return age <= 4 * step ? 'late' : 'stalled'
}
