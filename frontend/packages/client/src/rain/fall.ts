/** How one packet falls: place across the screen in percent, and what makes it differ from the others. */
export interface Fall {
  id: number
  left: number
  size: number
  delayMs: number
  lastsMs: number
  tilt: number
}

/** Many packets, spread evenly over the width and over time, in an order that does not show. */
export function falls(count: number, random: () => number = Math.random): Fall[] {
  const lanes = shuffled(count, random)
  return lanes.map((lane, id) => ({
    id,
    left: ((lane + 0.2 + 0.6 * random()) / count) * 100,
    size: Math.round(58 + 26 * random()),
    delayMs: Math.round((id / count) * 2_600 + 120 * random()),
    lastsMs: Math.round(2_300 + 1_300 * random()),
    tilt: Math.round(36 * random() - 18),
  }))
}

function shuffled(count: number, random: () => number): number[] {
  const all = Array.from({ length: count }, (_, place) => place)
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    ;[all[last], all[other]] = [all[other] as number, all[last] as number]
  }
  return all
}
