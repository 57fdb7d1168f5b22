import type { Store } from '@/api/types'

export type Point = NonNullable<Store['point']>

/** What a person typed as latitude and longitude; null for nothing, undefined when it is neither. */
export function readPoint(text: string): Point | null | undefined {
  if (!text.trim()) return null
  const match = /^(-?\d{1,2}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)$/.exec(text.trim())
  if (!match) return undefined
  const [lat, lon] = [Number(match[1]), Number(match[2])]
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined
}

export const writePoint = (point: Store['point'] | undefined): string => (point ? `${point.lat}, ${point.lon}` : '')
