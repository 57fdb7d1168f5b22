/**
 * The mini-program's code as WeChat runs it: no browser, no node. Whatever a page of the web would find is not there, so
 * that code which leans on it fails here as it would on a phone.
 */
const Module = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

const ABSENT = [
  ...['window', 'document', 'location', 'history', 'navigator', 'screen', 'self', 'top', 'parent', 'globalThis'],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'crypto', 'performance', 'process', 'Buffer', 'Intl'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'Headers', 'Request', 'Response', 'FormData', 'Blob', 'File'],
  ...['URL', 'URLSearchParams', 'AbortController', 'TextEncoder', 'TextDecoder', 'structuredClone', 'queueMicrotask'],
  ...['Element', 'HTMLElement', 'HTMLVideoElement', 'Node', 'Event', 'CustomEvent', 'MutationObserver', 'ResizeObserver'],
  ...['IntersectionObserver', 'MediaSource', 'MediaStream', 'RTCPeerConnection', 'AudioContext', 'Image', 'Audio'],
  ...['requestAnimationFrame', 'cancelAnimationFrame', 'getComputedStyle', 'matchMedia', 'alert', 'Function'],
]

/** From now on every script under `root` is loaded as the phone would. */
function confine(root) {
  const prefix = root + path.sep
  const shared = {}
  const compile = Module.prototype._compile
  Module.prototype._compile = function (content, filename, ...rest) {
    if (!filename.startsWith(prefix)) return compile.call(this, content, filename, ...rest)
    const run = vm.compileFunction(content, ['exports', 'require', 'module', 'global', ...ABSENT], { filename })
    return run.call(undefined, this.exports, (id) => this.require(id), this, shared)
  }
}

module.exports = { ABSENT, confine }
