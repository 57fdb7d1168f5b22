import './style.css'
import { h } from './dom'
import type { Document } from './openapi'
import { drawPage } from './page'
import { type Language, TEXTS } from './texts'

const STORED = 'kaibo.docs.locale'
const root = document.querySelector<HTMLElement>('#app') as HTMLElement

let language: Language = (localStorage.getItem(STORED) ?? navigator.language).startsWith('en') ? 'en' : 'zh-CN'

async function open(): Promise<void> {
  root.replaceChildren(h('div', { class: 'waiting', 'aria-busy': 'true' }))
  try {
    const response = await fetch('/openapi.json')
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    draw((await response.json()) as Document)
    goTo(location.hash.slice(1) || (location.pathname.endsWith('/errors') ? 'errors' : ''))
  } catch {
    const texts = TEXTS[language]
    root.replaceChildren(h('div', { class: 'failed', role: 'alert' }, h('p', {}, texts.failed), h('button', { type: 'button', click: open }, texts.retry)))
  }
}

function draw(api: Document): void {
  document.documentElement.lang = language
  document.title = TEXTS[language].title
  const chooseLanguage = (): void => {
    language = language === 'en' ? 'zh-CN' : 'en'
    localStorage.setItem(STORED, language)
    draw(api)
  }
  root.replaceChildren(drawPage({ document: api, texts: TEXTS[language], language, origin: location.origin, chooseLanguage }))
  follow()
}

/** The page is drawn after the browser looked for the place in its address. */
function goTo(id: string): void {
  const place = id && document.getElementById(id)
  if (!place) return
  place.scrollIntoView()
  place.classList.add('here')
}

/** Marks the part being read in the list on the left. */
function follow(): void {
  const links = new Map([...root.querySelectorAll<HTMLAnchorElement>('.link')].map((link) => [link.hash.slice(1), link]))
  const watcher = new IntersectionObserver(
    (entries) => {
      const seen = entries.find(({ isIntersecting }) => isIntersecting)
      const link = seen && links.get(seen.target.id)
      if (!link) return
      root.querySelector('.link--here')?.classList.remove('link--here')
      link.classList.add('link--here')
      link.scrollIntoView({ block: 'nearest' })
    },
    { rootMargin: '0px 0px -70% 0px' },
  )
  for (const section of root.querySelectorAll('section[id]')) watcher.observe(section)
}

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target instanceof HTMLInputElement) return
  event.preventDefault()
  root.querySelector<HTMLInputElement>('.search')?.focus()
})

void open()
