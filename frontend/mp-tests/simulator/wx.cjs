/**
 * What WeChat gives a mini-program, as far as ours asks for it. Requests and sockets are real ones to a running server;
 * signing in asks the server that stands for WeChat. What is asked for and not here is noted by name.
 */
const { readFileSync } = require('node:fs')
const WebSocket = require('ws')

const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
const MAX_REQUESTS = 10
const MAX_SOCKETS = 5

const PHONE = { brand: 'devtools', model: 'a phone', platform: 'devtools', system: 'iOS 17.0' }
const WINDOW = { pixelRatio: 2, windowWidth: 390, windowHeight: 844, screenWidth: 390, screenHeight: 844, statusBarHeight: 47 }
const SAFE_AREA = { left: 0, right: 390, top: 47, bottom: 810, width: 390, height: 763 }
const APP = { SDKVersion: '3.8.0', version: '8.0.50', language: 'zh_CN', theme: 'light', host: {}, enableDebug: false }
const CAPSULE = { top: 51, bottom: 83, left: 296, right: 383, width: 87, height: 32 }

/** `world` tells where the built-in origin really is, where WeChat's own server is, and who holds the phone. */
function createWx(world, pages) {
  const heard = { toasts: [], titles: [], clipboard: '', shared: [], players: [], missing: new Set() }
  const storage = new Map()
  const listeners = { network: new Set(), show: new Set(), hide: new Set() }
  const sockets = new Set()
  let running = 0

  const real = (url) => (url.startsWith(world.origin) ? world.server + url.slice(world.origin.length) : url)
  const answer = (options, name, result) => {
    const told = { errMsg: `${name}:ok`, ...result }
    options?.success?.(told)
    options?.complete?.(told)
  }
  const refuse = (options, name, why) => {
    const told = { errMsg: `${name}:fail ${why}`, errno: 600_000 }
    options?.fail?.(told)
    options?.complete?.(told)
  }
  const said = (name) => (options) => answer(options, name, {})

  function request(options) {
    const method = options.method ?? 'GET'
    const stop = new AbortController()
    const begin = async () => {
      if (!METHODS.includes(method)) throw new Error(`method ${method} is invalid`)
      if (++running > MAX_REQUESTS) throw new Error(`more than ${MAX_REQUESTS} requests at once`)
      const { header = {}, timeout = 60_000 } = options
      let url = real(options.url)
      let body = options.data
      if (method === 'GET' && body && typeof body === 'object') url += `?${new URLSearchParams(body)}`
      if (method === 'GET' || method === 'HEAD') body = undefined
      else if (body && typeof body === 'object' && !(body instanceof ArrayBuffer)) body = JSON.stringify(body)
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(timeout)])
      const headers = { 'content-type': 'application/json', ...lower(header), referer: `https://servicewechat.com/${world.appid}/devtools/page-frame.html` }
      const reply = await fetch(url, { method, headers, body, signal })
      const text = options.responseType === 'arraybuffer' ? await reply.arrayBuffer() : await reply.text()
      return { statusCode: reply.status, header: Object.fromEntries(reply.headers), cookies: [], data: parse(text, options.dataType) }
    }
    begin()
      .then((result) => answer(options, 'request', result), (error) => refuse(options, 'request', error.message))
      .finally(() => (running -= 1))
    return { abort: () => stop.abort(), onHeadersReceived() {}, offHeadersReceived() {}, onChunkReceived() {}, offChunkReceived() {} }
  }

  function connectSocket(options) {
    const on = { open: [], message: [], close: [], error: [] }
    const emit = (name, value) => on[name].forEach((listener) => listener(value))
    if (sockets.size >= MAX_SOCKETS) setTimeout(() => emit('error', { errMsg: `connectSocket:fail more than ${MAX_SOCKETS} sockets` }))
    const socket = new WebSocket(real(options.url), options.protocols ?? [], { headers: options.header ?? {} })
    sockets.add(socket)
    socket.on('open', () => emit('open', { header: {} }))
    socket.on('message', (data, binary) => emit('message', { data: binary ? data.buffer : data.toString() }))
    socket.on('error', ({ message }) => emit('error', { errMsg: `connectSocket:fail ${message}` }))
    socket.on('close', (code, reason) => {
      sockets.delete(socket)
      emit('close', { code, reason: reason.toString() })
    })
    setTimeout(() => answer(options, 'connectSocket', {}))
    return {
      onOpen: (listener) => on.open.push(listener),
      onMessage: (listener) => on.message.push(listener),
      onClose: (listener) => on.close.push(listener),
      onError: (listener) => on.error.push(listener),
      send(sending) {
        if (socket.readyState !== WebSocket.OPEN) return refuse(sending, 'sendSocketMessage', 'not connected')
        socket.send(sending.data, (error) => (error ? refuse(sending, 'sendSocketMessage', error.message) : answer(sending, 'sendSocketMessage', {})))
      },
      close(closing = {}) {
        socket.close(closing.code ?? 1000, closing.reason)
        answer(closing, 'closeSocket', {})
      },
      get readyState() {
        return socket.readyState
      },
    }
  }

  /** The app of WeChat itself asks WeChat for a code; ours never sees who it is. */
  function login(options) {
    const body = JSON.stringify({ appid: world.appid, user: world.user })
    fetch(`${world.wechat}/client/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      .then((reply) => reply.json())
      .then(({ code }) => answer(options, 'login', { code }))
      .catch((error) => refuse(options, 'login', error.message))
  }

  const context = (kind) => (id) => {
    const asked = (what) => (options) => {
      heard.players.push({ kind, id, what, options: plain(options) })
      answer(typeof options === 'object' ? options : undefined, what, what === 'snapshot' ? { tempImagePath: world.still } : {})
    }
    return new Proxy({}, { get: (_target, what) => asked(String(what)) })
  }

  const implemented = {
    request,
    connectSocket,
    login,
    checkSession: said('checkSession'),
    getStorageSync: (key) => (storage.has(key) ? structuredClone(storage.get(key)) : ''),
    setStorageSync: (key, value) => void storage.set(key, structuredClone(value)),
    removeStorageSync: (key) => void storage.delete(key),
    setStorage: ({ key, data, ...options }) => (storage.set(key, data), answer(options, 'setStorage', {})),
    getStorageInfoSync: () => ({ keys: [...storage.keys()], currentSize: 1, limitSize: 10_240 }),
    getSystemInfoSync: () => ({ ...PHONE, ...WINDOW, ...APP, safeArea: SAFE_AREA }),
    getDeviceInfo: () => PHONE,
    getWindowInfo: () => ({ ...WINDOW, safeArea: SAFE_AREA }),
    getAppBaseInfo: () => APP,
    getMenuButtonBoundingClientRect: () => CAPSULE,
    getAccountInfoSync: () => ({ miniProgram: { appId: world.appid, envVersion: 'develop', version: '' } }),
    getLaunchOptionsSync: () => ({ path: pages.first, query: {}, scene: 1001 }),
    getEnterOptionsSync: () => ({ path: pages.first, query: {}, scene: 1001 }),
    canIUse: () => true,
    nextTick: (then) => setTimeout(then, 0),
    onAppShow: (listener) => listeners.show.add(listener),
    offAppShow: (listener) => listeners.show.delete(listener),
    onAppHide: (listener) => listeners.hide.add(listener),
    offAppHide: (listener) => listeners.hide.delete(listener),
    onNetworkStatusChange: (listener) => listeners.network.add(listener),
    offNetworkStatusChange: (listener) => listeners.network.delete(listener),
    getNetworkType: (options) => answer(options, 'getNetworkType', { networkType: 'wifi' }),
    showToast: (options) => (heard.toasts.push(options.title), answer(options, 'showToast', {})),
    hideToast: said('hideToast'),
    setNavigationBarTitle: (options) => (heard.titles.push(options.title), answer(options, 'setNavigationBarTitle', {})),
    setClipboardData: (options) => ((heard.clipboard = options.data), answer(options, 'setClipboardData', {})),
    setKeepScreenOn: said('setKeepScreenOn'),
    pageScrollTo: said('pageScrollTo'),
    startPullDownRefresh: said('startPullDownRefresh'),
    stopPullDownRefresh: said('stopPullDownRefresh'),
    vibrateShort: said('vibrateShort'),
    showShareMenu: said('showShareMenu'),
    createVideoContext: context('video'),
    createLivePlayerContext: context('live-player'),
    createLivePusherContext: context('live-pusher'),
    getFileSystemManager: () => ({
      readFile: (options) => answer(options, 'readFile', { data: Uint8Array.from(readFileSync(options.filePath)).buffer }),
    }),
    navigateTo: (options) => go(options, 'navigateTo', () => pages.push(options.url)),
    redirectTo: (options) => go(options, 'redirectTo', () => pages.replace(options.url)),
    reLaunch: (options) => go(options, 'reLaunch', () => pages.relaunch(options.url)),
    navigateBack: (options) => go(options, 'navigateBack', () => pages.back(options?.delta ?? 1)),
  }

  function go(options, name, move) {
    setTimeout(() => {
      try {
        move()
      } catch (error) {
        return refuse(options, name, error.message)
      }
      answer(options, name, {})
    })
  }

  const wx = new Proxy(implemented, {
    get(target, name) {
      if (!(name in target) && typeof name === 'string') heard.missing.add(name)
      return target[name]
    },
  })
  /** The network goes, with every socket, or comes back. */
  function network(isConnected) {
    if (!isConnected) for (const socket of sockets) socket.terminate()
    for (const listener of listeners.network) listener({ isConnected, networkType: isConnected ? 'wifi' : 'none' })
  }
  return { wx, heard, storage, network }
}

const lower = (header) => Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]))
const plain = (value) => (value === undefined ? null : JSON.parse(JSON.stringify(value)))

function parse(data, dataType = 'json') {
  if (dataType !== 'json' || typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

module.exports = { createWx }
