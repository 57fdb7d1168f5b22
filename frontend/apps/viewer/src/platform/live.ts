/**
 * What WeChat's `live-player` tells by number (its documentation, "live-player / 状态码"). Numbers that are not here are
 * news without a consequence for the screen: it repairs them itself.
 */
export const LIVE_PLAYING: ReadonlySet<number> = new Set([2003, 2004])
export const LIVE_WAITING: ReadonlySet<number> = new Set([2007, 2103])
/** The stream is over, or the player has given up. */
export const LIVE_ENDED: ReadonlySet<number> = new Set([2006, -2301, -2302])

/** And `live-pusher` (its documentation, "live-pusher / 状态码"): the first picture is out. */
export const PUSH_SENDING: ReadonlySet<number> = new Set([1002, 1007])
/** It tries by itself. */
export const PUSH_RECONNECTING: ReadonlySet<number> = new Set([1102])
/** The uplink is short of what the picture needs. */
export const PUSH_BUSY: ReadonlySet<number> = new Set([1101])
/** It tries no more. */
export const PUSH_GIVEN_UP: ReadonlySet<number> = new Set([-1307, 3002, 3003, 3004, 3005])
