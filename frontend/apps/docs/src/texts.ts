/** What the reference says in its own words. */

export type Language = 'zh-CN' | 'en'

export interface Chapter {
  id: string
  title: string
  text: string
  code?: string
}

export interface Texts {
  other: string
  title: string
  lead: string
  search: string
  nothing: string
  chapters: Chapter[]
  reference: string
  errors: string
  errorsLead: string
  parameters: string
  body: string
  answer: string
  refusals: string
  required: string
  request: string
  copy: string
  copied: string
  public: string
  failed: string
  retry: string
}

const SIGN_IN = `TOKEN=$(curl -s {origin}/v1/sessions \\
  -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -d '{"login":"clerk","password":"clerk"}' | jq -r .token)

curl -H "Authorization: Bearer $TOKEN" {origin}/v1/me`

const EDIT = `curl -X PATCH {origin}/v1/products/prd_… \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -H 'If-Match: "3"' \\
  -H 'Content-Type: application/json' \\
  -d '{"title":"手绘陶瓷马克杯"}'`

const PROBLEM = `HTTP/1.1 422 Unprocessable Content
Content-Type: application/problem+json

{
  "type": "/docs/errors#invalid",
  "title": "填写的内容有误。",
  "status": 422,
  "code": "invalid",
  "errors": [{ "pointer": "/title", "expected": "str of length >= 1" }]
}`

const PUSH = `ffmpeg -re -i any.mp4 -c copy -f flv "$(curl -s \\
  -H "Authorization: Bearer $TOKEN" \\
  {origin}/v1/programs/prg_…/push | jq -r .url)"`

export const TEXTS: Record<Language, Texts> = {
  'zh-CN': {
    other: 'English',
    title: '开播接口文档',
    lead: '排期、开播、互动、回放与片段，页面上能做的一切都来自这些接口。',
    search: '搜索接口',
    nothing: '没有符合的接口',
    reference: '接口',
    errors: '错误码',
    errorsLead: '每个错误都有稳定的 code 供程序判断；文字按 Accept-Language 返回中文或英文。',
    parameters: '参数',
    body: '请求体',
    answer: '返回',
    refusals: '可能的拒绝',
    required: '必填',
    request: '请求',
    copy: '复制',
    copied: '已复制',
    public: '无需登录',
    failed: '没能读取 /openapi.json，请确认服务正在运行。',
    retry: '重试',
    chapters: [
      {
        id: 'sign-in',
        title: '登录',
        text: '用账号换取令牌，之后放进 `Authorization: Bearer`。浏览器同时得到名为 `kaibo_session` 的 Cookie。没有登录也能看直播、读公开内容。',
        code: SIGN_IN,
      },
      {
        id: 'conventions',
        title: '约定',
        text: '请求和返回都是 JSON，不认识的字段会被拒绝。时间是 UTC 毫秒，以 `_at` 结尾；时长以 `_ms` 结尾。金额是最小货币单位的整数（人民币为分）。图片和文件是对象键，用 `/o/{key}` 访问。',
      },
      {
        id: 'writes',
        title: '写入',
        text: '每次写入带一个自己生成的 `Idempotency-Key`：网络断了就用同一个键再发一次，不会做两遍。修改还要带 `If-Match`，值是读到的 `rev`；别人先改过时返回 412，什么都不会被覆盖。',
        code: EDIT,
      },
      { id: 'lists', title: '列表', text: '列表返回 `items` 和 `next_cursor`；把它作为 `cursor` 再问一次就是下一页，为 null 表示到头了。`limit` 最大 100。' },
      {
        id: 'problems',
        title: '错误',
        text: '失败按 RFC 9457 返回：`code` 稳定不变，`title` 给人看，`errors` 指出是哪个字段。',
        code: PROBLEM,
      },
      {
        id: 'publishing',
        title: '推流',
        text: '节目打开后，取推流地址，任何 RTMP 工具都能推。画面一到就开播；断流有宽限时间，用同一个地址接着推就能恢复。',
        code: PUSH,
      },
    ],
  },
  en: {
    other: '中文',
    title: 'Kaibo API reference',
    lead: 'Planning, going live, the room, replays and clips: all that the pages do is done through these calls.',
    search: 'Search calls',
    nothing: 'No call matches',
    reference: 'Calls',
    errors: 'Errors',
    errorsLead: 'Each error has a stable code for programs; its text comes in Chinese or English by Accept-Language.',
    parameters: 'Parameters',
    body: 'Body',
    answer: 'Answer',
    refusals: 'May be refused with',
    required: 'required',
    request: 'Request',
    copy: 'Copy',
    copied: 'Copied',
    public: 'no sign-in needed',
    failed: 'Could not read /openapi.json. Please see that the server runs.',
    retry: 'Try again',
    chapters: [
      {
        id: 'sign-in',
        title: 'Signing in',
        text: 'Trade an account for a token and send it as `Authorization: Bearer`. Browsers also get it as the cookie `kaibo_session`. Watching and reading what is public needs none.',
        code: SIGN_IN,
      },
      {
        id: 'conventions',
        title: 'Conventions',
        text: 'Bodies are JSON; unknown fields are refused. Times are UTC epoch milliseconds and end in `_at`; durations end in `_ms`. Money is an integer of minor units (fen). Pictures and files are object keys, shown at `/o/{key}`.',
      },
      {
        id: 'writes',
        title: 'Writing',
        text: 'Each write carries an `Idempotency-Key` of your making: when no answer comes, send it again under the same key and nothing is done twice. Edits also carry `If-Match` with the `rev` you read; if somebody was faster the answer is 412 and nothing is overwritten.',
        code: EDIT,
      },
      {
        id: 'lists',
        title: 'Lists',
        text: 'Lists answer `items` and `next_cursor`. Ask again with it as `cursor` for the next page; null means there is none. `limit` goes up to 100.',
      },
      {
        id: 'problems',
        title: 'Problems',
        text: 'Failures follow RFC 9457: `code` is stable, `title` is for people, `errors` say which value.',
        code: PROBLEM,
      },
      {
        id: 'publishing',
        title: 'Publishing',
        text: 'Open a program, take its address, and push with any RTMP tool. It is live as soon as a picture arrives; after a drop there is a grace period in which the same address resumes.',
        code: PUSH,
      },
    ],
  },
}
