// #ifdef H5
import { type Camera, useCamera } from './camera'
import { type Publishing, usePublishing } from './publishing'
// #endif
// #ifndef H5
import { useNativeCamera } from './nativeCamera'
import { useNativePublishing } from './nativePublishing'
// #endif

export interface Studio {
  camera: Camera
  publishing: Publishing
}

/** What a show from this phone is made with: camera and WHIP in a browser, `live-pusher` in a mini-program. */
export function useStudio(): Studio {
  // #ifdef H5
  const camera = useCamera()
  return { camera, publishing: usePublishing(camera) }
  // #endif
  // #ifndef H5
  const native = useNativeCamera()
  return { camera: native, publishing: useNativePublishing(native) }
  // #endif
}
