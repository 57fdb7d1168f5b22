/** What keys mean. Pure, so that the whole of it can be tested without a page. */

export type Screen = 'supplied' | 'import' | 'audit' | 'models' | 'tags' | 'reviews' | 'programs' | 'live' | 'schedule' | 'contents' | 'creators' | 'rooms' | 'products' | 'orders' | 'stores' | 'people' | 'jobs' | 'settings' | 'businesses'

export const SCREEN_KEYS: Record<string, Screen> = {
  l: 'live',
  s: 'schedule',
  c: 'contents',
  h: 'programs',
  v: 'reviews',
  k: 'creators',
  r: 'rooms',
  p: 'products',
  o: 'orders',
  t: 'stores',
  m: 'people',
  f: 'models',
  a: 'tags',
  i: 'import',
  u: 'audit',
  j: 'jobs',
  b: 'businesses',
  e: 'settings',
}

export type Meaning =
  | { act: 'go'; screen: Screen }
  | { act: 'search' | 'help' | 'close' | 'new' }
  /** A key that means something in the list or the side that is open. */
  | { act: 'list'; key: string }
  | { act: 'wait' }
  | { act: 'none' }

const LIST_KEYS = /^[jkxXearpwcfvu1-9]$/

export interface Pressed {
  key: string
  typing: boolean
  /** With Ctrl, Alt or Meta: the browser's, not ours. */
  modified: boolean
}

/** `afterG`: whether `g` was pressed a moment ago. */
export function meaningOf({ key, typing, modified }: Pressed, afterG: boolean): Meaning {
  if (key === 'Escape') return { act: 'close' }
  if (typing || modified) return { act: 'none' }
  if (afterG) {
    const screen = SCREEN_KEYS[key.toLowerCase()]
    return screen ? { act: 'go', screen } : { act: 'none' }
  }
  switch (key) {
    case 'g':
      return { act: 'wait' }
    case '/':
      return { act: 'search' }
    case '?':
      return { act: 'help' }
    case 'n':
      return { act: 'new' }
    default:
      return LIST_KEYS.test(key) ? { act: 'list', key } : { act: 'none' }
  }
}
