/**
 * A phone without a phone: the built mini-program in WeChat's component system, against a running server.
 *
 * Started with one argument, the world as JSON: {root, origin, server, wechat, appid, user, still}. Then each line on stdin is a command
 * {do, ...}, answered by a line on stdout: {ok: result} or {error: text}.
 */
const path = require('node:path')
const readline = require('node:readline')

const { document } = require('./simulator/browser.cjs')
const { confine } = require('./simulator/realm.cjs')

const world = JSON.parse(process.argv[2])
const troubles = []
for (const level of ['error', 'warn']) console[level] = (...words) => troubles.push(words.map((word) => word?.stack ?? String(word)).join(' '))
for (const level of ['log', 'info', 'debug']) console[level] = () => undefined
process.on('uncaughtException', (error) => troubles.push(error.stack))
process.on('unhandledRejection', (error) => troubles.push(error?.stack ?? String(error)))

const { Pages } = require('./simulator/pages.cjs')
const { tellLateOnes } = require('./simulator/lifetimes.cjs')
const { createWx } = require('./simulator/wx.cjs')
const screen = require('./simulator/screen.cjs')

const pages = new Pages(world.root, document)
const phone = createWx(world, pages)
let app = null

global.wx = phone.wx
global.App = (options) => (app = options)
global.getApp = () => app
global.getCurrentPages = () => pages.stack.map(({ instance }) => instance)
global.Page = () => {
  throw new Error('a page of ours is a Component')
}
tellLateOnes()
confine(world.root)

const nodes = ({ what }) => screen.find(pages.top.node, what)
function one({ what, at = 0 }) {
  const found = nodes({ what })
  if (!found[at]) throw new Error(`no ${what} on ${pages.top.route}: ${screen.text(pages.top.node)}`)
  return found[at]
}

const COMMANDS = {
  launch({ path: at = pages.first, query = '' }) {
    require(path.join(world.root, 'app.js'))
    app.onLaunch?.({ path: at, query: {}, scene: 1001 })
    app.onShow?.({ path: at, query: {}, scene: 1001 })
    pages.push(`/${at}${query && `?${query}`}`)
  },
  look: () => ({
    route: pages.top.route,
    query: pages.top.query,
    depth: pages.stack.length,
    text: screen.text(pages.top.node),
    toasts: phone.heard.toasts,
    clipboard: phone.heard.clipboard,
    players: phone.heard.players,
    missing: [...phone.heard.missing].sort(),
    troubles,
  }),
  find: (command) => nodes(command).map(screen.show),
  tap: (command) => screen.fire(one(command), 'tap'),
  type: (command) => screen.fire(one(command), 'input', { value: command.value, cursor: command.value.length }),
  fire: (command) => screen.fire(one(command), command.event, command.detail),
  call: ({ method, args = [] }) => pages.top.instance[method](...args),
  go: ({ url }) => pages.push(url),
  relaunch: ({ url }) => pages.relaunch(url),
  back: () => pages.back(1),
  stored: ({ key }) => phone.storage.get(key) ?? null,
  network: ({ connected }) => phone.network(connected),
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  let answer
  try {
    const command = JSON.parse(line)
    answer = { ok: (await COMMANDS[command.do](command)) ?? null }
  } catch (error) {
    answer = { error: error.stack ?? String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}).on('close', () => process.exit(0))
