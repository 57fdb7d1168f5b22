import { type Component, createApp, h, nextTick } from 'vue'
import { onTestFinished } from 'vitest'
import { router } from '@/router'

/** Lets answers arrive and the screen draw them. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve))
    await nextTick()
  }
}

/** A component on a page of its own, used through its test ids like a person would; gone after the test. */
export function show(component: Component, props: Record<string, unknown> = {}, slots: Record<string, unknown> = {}) {
  const root = document.body.appendChild(document.createElement('div'))
  const app = createApp({ render: () => h(component, props, slots) }).use(router)
  app.mount(root)
  onTestFinished(() => {
    app.unmount()
    root.remove()
  })

  const all = (id: string): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)]
  function one(id: string): HTMLElement {
    const [element] = all(id)
    if (!element) throw new Error(`${id} is not on the screen`)
    return element
  }
  const field = (id: string): HTMLInputElement => {
    const element = one(id)
    return (element.matches('input, textarea') ? element : element.querySelector('input, textarea')) as HTMLInputElement
  }

  return {
    root,
    all,
    field,
    has: (id: string): boolean => all(id).length > 0,
    text: (id: string): string => one(id).textContent ?? '',
    errors: (): string[] => [...root.querySelectorAll('.field__error')].map(({ textContent }) => textContent ?? ''),
    async tap(id: string): Promise<void> {
      one(id).click()
      await settle()
    },
    async type(id: string, text: string): Promise<void> {
      const element = field(id)
      element.value = text
      element.dispatchEvent(new Event('input', { bubbles: true }))
      await settle()
    },
    async submit(): Promise<void> {
      root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
      await settle()
    },
  }
}
