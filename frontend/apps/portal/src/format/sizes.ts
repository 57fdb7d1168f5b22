const UNITS = ['B', 'KB', 'MB', 'GB']

/** A size as people read it: 1.4 MB. */
export function sizeOf(bytes: number): string {
  const step = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${step ? value.toFixed(value < 10 ? 1 : 0) : value} ${UNITS[step]}`
}
