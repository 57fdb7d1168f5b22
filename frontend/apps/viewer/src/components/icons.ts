/** Line icons on a 24 px grid, drawn as masks so that they take the colour of the text around them. */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  viewers: 'M2.5 19c.6-3.4 3-5.2 6-5.2s5.4 1.8 6 5.2M8.5 10.6a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6M16 14.2c2.9 0 4.9 1.6 5.5 4.8M15.5 4.3a3.1 3.1 0 0 1 0 6',
  heart: 'M12 20.2S3.5 15.3 3.5 9.2A4.7 4.7 0 0 1 12 6.4a4.7 4.7 0 0 1 8.5 2.8c0 6.1-8.5 11-8.5 11z',
  bag: 'M5 8h14l1 12.5H4L5 8zM8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5',
  muted: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4zM16 9.5l5 5M21 9.5l-5 5',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.7 7.7 0 0 1 0 11',
  share: 'M12 15V4M8 7.5L12 3.5l4 4M5 13v6.5h14V13',
  send: 'M4 12l16-7.5-5 15.5-3.5-6.5L4 12zM11.5 13.5L20 4.5',
  play: 'M7 4.5l12.5 7.5L7 19.5v-15z',
  pause: 'M8 5v14M16 5v14',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  rotate: 'M20 12a8 8 0 1 1-2.6-5.9M20 3.5v4h-4',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5.2l3.3 2',
  offline: 'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.3M2 9a15 15 0 0 1 4.5-2.7M11 5.1A15 15 0 0 1 22 9M14.5 10.3a10 10 0 0 1 4.5 2.2M8.5 16a5 5 0 0 1 6.8-.2M12 19.5v.1',
  alert: 'M12 8v5M12 16.4v.1M12 3.5l9.5 16.5h-19L12 3.5z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5L20.5 20.5',
  lock: 'M6 11h12v9.5H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  film: 'M4 5h16v14H4zM8.5 5v14M15.5 5v14M4 9.5h4.5M4 14.5h4.5M15.5 9.5H20M15.5 14.5H20',
  image: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 10.2a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8',
  camera: 'M3 7h12.5v10.5H3zM15.5 11.5l5.5-3v7.5l-5.5-3',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  flip: 'M4 8h3l1.5-2.5h7L17 8h3v11H4zM9 14.5a3.2 3.2 0 0 1 5.6-2.1M15 11v2h-2M15 12.5a3.2 3.2 0 0 1-5.6 2.1M9 16v-2h2',
  mirror: 'M12 3.5v17M9 7L3.5 17H9zM15 7l5.5 10H15z',
  mic: 'M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  mic_off: 'M3.5 3.5l17 17M9 9v2.5a3 3 0 0 0 4.6 2.5M15 11V6.5a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.2 13.5c.2-.6.3-1.3.3-2M12 18v3',
  light: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  signal: 'M5 19v-3M10 19v-7M15 19V8M20 19V4',
  phone: 'M7 2.5h10v19H7zM11 18.5h2',
  chevron: 'M9 5l7 7-7 7',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6',
  edit: 'M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5l-4.5 1M13.5 7l3.5 3.5',
  place: 'M12 21.5s7-6.6 7-11.7a7 7 0 0 0-14 0c0 5.1 7 11.7 7 11.7M12 12.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4',
  plus: 'M12 5v14M5 12h14',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
} as const

export type IconName = keyof typeof PATHS

const FILLED = new Set<IconName>(['play'])

export function iconMask(name: IconName, solid = false): string {
  const fill = solid || FILLED.has(name) ? 'black' : 'none'
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='${fill}' stroke='black' stroke-width='1.9' ` +
    `stroke-linecap='round' stroke-linejoin='round'><path d='${PATHS[name]}'/></svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}
