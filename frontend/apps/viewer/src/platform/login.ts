// #ifndef H5
/** The code with which our server asks WeChat who this is; good once, for five minutes. */
export async function wechatCode(): Promise<string> {
  const { code } = await uni.login({ provider: 'weixin' })
  return code
}
// #endif
