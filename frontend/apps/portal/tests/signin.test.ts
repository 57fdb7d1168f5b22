import { afterEach, expect, test, vi } from 'vitest'
import { signOut } from '@/composables/session'
import SignInPage from '@/pages/SignInPage.vue'
import { router } from '@/router'
import { settle, show } from './screen'
import { problem, serve } from './server'

const CONFIG = { demo_logins: [{ login: 'operator', password: 'operator', role: 'operator' }, { login: 'viewer', password: 'viewer', role: 'viewer' }] }
const session = (role: string): object => ({ token: 't', expires_at: Date.now() + 60_000, account: { id: 'acc_1', name: '小周', roles: { biz_1: [role] } } })

const routes = {
  'GET /v1/config': (): [number, object] => [200, CONFIG],
  'DELETE /v1/sessions': (): [number] => [204],
}

async function open() {
  await router.push('/sign-in')
  const page = show(SignInPage)
  await settle()
  return page
}

afterEach(async () => {
  await signOut()
  vi.unstubAllGlobals()
})

test('one tap on a demo account signs in and goes to work', async () => {
  const asked = serve({ ...routes, 'POST /v1/sessions': () => [201, session('business_operator')] })
  const page = await open()
  expect(page.has('demo-login-viewer')).toBe(false)
  await page.tap('demo-login-operator')
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ login: 'operator', password: 'operator' })
  // The page it goes to is loaded first.
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('live'), 15_000)
}, 20_000)

test('a wrong password says what the server says', async () => {
  serve({ ...routes, 'POST /v1/sessions': () => [401, problem(401, 'wrong_password', '账号或密码不对。')] })
  const page = await open()
  await page.type('login', 'operator')
  await page.type('password', 'nonsense')
  await page.submit()
  expect(page.text('form-trouble')).toContain('账号或密码不对。')
  expect(router.currentRoute.value.name).toBe('sign-in')
})

test('a viewer is told that nothing here is theirs', async () => {
  serve({ ...routes, 'POST /v1/sessions': () => [201, session('viewer')] })
  const page = await open()
  await page.type('login', 'viewer')
  await page.type('password', 'viewer')
  await page.submit()
  expect(page.text('not-staff')).toContain('小周')
  expect(router.currentRoute.value.name).toBe('sign-in')
})

test('without a session every page leads to the sign-in, and back after it', async () => {
  serve({ ...routes, 'POST /v1/sessions': () => [201, session('anchor')] })
  await router.push('/products?open=prd_1')
  expect(router.currentRoute.value.name).toBe('sign-in')
  expect(router.currentRoute.value.query.then).toBe('/products?open=prd_1')
})
