import type { Picture } from './picture'
// #ifdef H5
import { useElementPicture } from './elementPicture'
// #endif
// #ifndef H5
import { useNativePicture } from './nativePicture'
// #endif

/** `testid` names the picture on screen. */
export function usePicture(testid = 'room-video'): Picture {
  // #ifdef H5
  return useElementPicture(testid)
  // #endif
  // #ifndef H5
  return useNativePicture(testid)
  // #endif
}
