// #ifndef H5
import { readPicture } from './files'
// #endif

/** A picture somebody chose on the device. */
export interface Picked {
  /** Where it can be shown from until the app is closed. */
  path: string
  size: number
  mediaType: string
  bytes: () => Promise<ArrayBuffer>
}

const TYPES: Record<string, string> = { jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif', heic: 'image/heic' }

/** Asks for pictures of the album or the camera; none when it is called off. */
export const pickPictures = (count: number): Promise<Picked[]> =>
  new Promise((resolve) => {
    uni.chooseImage({
      count,
      sizeType: ['compressed'],
      success: ({ tempFiles }) => resolve((tempFiles as (File | { path: string; size: number })[]).map(picked)),
      fail: () => resolve([]),
    })
  })

function picked(file: File | { path: string; size: number }): Picked {
  const path = (file as { path: string }).path
  // #ifdef H5
  const { type, size } = file as File
  return { path, size, mediaType: type, bytes: () => (file as File).arrayBuffer() }
  // #endif
  // #ifndef H5
  return { path, size: file.size, mediaType: TYPES[path.split('.').pop()?.toLowerCase() ?? ''] ?? 'image/jpeg', bytes: () => readPicture(path) }
  // #endif
}
