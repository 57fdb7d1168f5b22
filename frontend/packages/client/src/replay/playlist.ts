/** A stretch of a recording without a gap: wall clock `fromAt` (epoch ms) plays at `offsetMs` of the playlist. */
export interface Span {
  fromAt: number
  offsetMs: number
  durationMs: number
}

/** Segments that follow each other within this are one span: times in a playlist are rounded. */
const SEAM_MS = 500

/** Reads when each part of a media playlist was recorded (RFC 8216 §4.3.2.1 EXTINF, §4.3.2.6 PROGRAM-DATE-TIME). */
export function readSpans(playlist: string): Span[] {
  const spans: Span[] = []
  let offsetMs = 0
  let clock: number | null = null
  for (const line of playlist.split(/\r?\n/)) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) clock = Date.parse(line.slice(line.indexOf(':') + 1))
    else if (line.startsWith('#EXTINF:')) {
      const durationMs = Number.parseFloat(line.slice(8)) * 1000
      const last = spans[spans.length - 1]
      const expected = last ? last.fromAt + last.durationMs : null
      const fromAt: number = clock ?? expected ?? 0
      if (last && expected !== null && Math.abs(fromAt - expected) <= SEAM_MS) last.durationMs += durationMs
      else spans.push({ fromAt, offsetMs, durationMs })
      offsetMs += durationMs
      clock = clock === null ? null : clock + durationMs
    }
  }
  return spans
}

export const playlistDuration = (spans: readonly Span[]): number => spans.reduce((sum, span) => sum + span.durationMs, 0)

/** Wall clock of a position in the playlist. */
export function atOf(spans: readonly Span[], offsetMs: number): number {
  const span = spans.filter((candidate) => candidate.offsetMs <= offsetMs).pop() ?? spans[0]
  return span ? span.fromAt + Math.min(Math.max(0, offsetMs - span.offsetMs), span.durationMs) : 0
}

/** Position of a wall clock; what happened in a gap is at the gap. */
export function offsetOf(spans: readonly Span[], at: number): number {
  const span = spans.filter((candidate) => candidate.fromAt <= at).pop()
  return span ? span.offsetMs + Math.min(at - span.fromAt, span.durationMs) : 0
}
