// #ifndef H5
/** The code with which our server asks WeChat who this is; good once, for five minutes. Null when WeChat gives none. */
export async function wechatCode(): Promise<string | null> {
  try {
    return (await uni.login({ provider: 'weixin' })).code
  } catch {
    return null
  }
}
// #endif
