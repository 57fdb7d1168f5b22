/** The stack of pages, with the life WeChat gives each: load, show, ready, hide, unload. */
const { readFileSync } = require('node:fs')
const path = require('node:path')
const simulate = require('miniprogram-simulate')

const MAX_PAGES = 10

/** All pages of a built mini-program by their route, those of sub-packages included. */
function routesOf(app) {
  const parts = (app.subPackages ?? app.subpackages ?? []).flatMap(({ root, pages }) => pages.map((page) => path.posix.join(root, page)))
  return [...app.pages, ...parts]
}

class Pages {
  constructor(root, document) {
    this.root = root
    this.document = document
    this.stack = []
    const app = JSON.parse(readFileSync(path.join(root, 'app.json'), 'utf8'))
    this.first = app.pages[0]
    this.routes = new Set(routesOf(app))
    this.everywhere = Object.fromEntries(Object.entries(app.usingComponents ?? {}).map(([name, at]) => [name, at]))
  }

  get top() {
    return this.stack.at(-1)
  }

  push(url) {
    if (this.stack.length >= MAX_PAGES) throw new Error(`more than ${MAX_PAGES} pages`)
    const page = this.#make(url)
    this.top?.hide()
    this.stack.push(page)
    page.begin()
  }

  replace(url) {
    const page = this.#make(url)
    this.stack.pop()?.end()
    this.stack.push(page)
    page.begin()
  }

  relaunch(url) {
    const page = this.#make(url)
    for (const old of this.stack.splice(0).reverse()) old.end()
    this.stack.push(page)
    page.begin()
  }

  back(delta) {
    for (let left = Math.min(delta, this.stack.length - 1); left > 0; left -= 1) this.stack.pop().end()
    this.top.show()
  }

  #make(url) {
    const [at, search = ''] = url.split('?')
    const route = path.posix.normalize(at).replace(/^\//, '')
    if (!this.routes.has(route)) throw new Error(`page "${route}" is not found`)
    // As WeChat does: what is encoded stays so.
    const query = Object.fromEntries(search.split('&').filter(Boolean).map((pair) => pair.split('=')))
    return new Page(this, route, query)
  }
}

class Page {
  constructor(pages, route, query) {
    this.route = route
    this.query = query
    const { root, document } = pages
    const id = simulate.load(path.join(root, route), 'main', { compiler: 'official', rootPath: root, usingComponents: pages.everywhere })
    this.component = simulate.render(id)
    this.host = document.body.appendChild(document.createElement('div'))
    this.instance = this.component.instance
    Object.assign(this.instance, { route, is: route, options: query })
  }

  begin() {
    this.component.attach(this.host)
    this.instance.onLoad?.(this.query)
    this.instance.onShow?.()
    this.instance.onReady?.()
  }

  show() {
    this.instance.onShow?.()
  }

  hide() {
    this.instance.onHide?.()
  }

  end() {
    this.instance.onUnload?.()
    this.component.detach()
    this.host.remove()
  }

  get node() {
    return this.component._exparserNode
  }
}

module.exports = { Pages, routesOf }
