// #ifndef H5
/** The bytes of a picture that WeChat has put into a file. */
export const readPicture = (filePath: string): Promise<ArrayBuffer> =>
  new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })
// #endif
