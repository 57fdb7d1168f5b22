import { createRouter, createWebHistory } from 'vue-router'
import { account, isStaff, onlySupplies } from './composables/session'

declare module 'vue-router' {
  interface RouteMeta {
    open?: boolean
  }
}

const library = () => import('./pages/LibraryPage.vue')

export const router = createRouter({
  history: createWebHistory('/portal/'),
  routes: [
    { path: '/', redirect: '/live' },
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue'), meta: { open: true } },
    { path: '/apply', name: 'apply', component: () => import('./pages/ApplyPage.vue'), meta: { open: true } },
    { path: '/join', name: 'join', component: () => import('./pages/JoinPage.vue'), meta: { open: true } },
    { path: '/live', name: 'live', component: () => import('./pages/LivePage.vue') },
    { path: '/schedule', name: 'schedule', component: () => import('./pages/SchedulePage.vue') },
    { path: '/contents', name: 'contents', component: library, props: { noun: 'contents' } },
    { path: '/programs', name: 'programs', component: library, props: { noun: 'programs' } },
    { path: '/reviews', name: 'reviews', component: () => import('./pages/ReviewsPage.vue') },
    { path: '/creators', name: 'creators', component: () => import('./pages/CreatorsPage.vue') },
    { path: '/products', name: 'products', component: () => import('./pages/ProductsPage.vue') },
    { path: '/supplied', name: 'supplied', component: () => import('./pages/SuppliedPage.vue') },
    { path: '/rooms', name: 'rooms', component: library, props: { noun: 'rooms' } },
    { path: '/orders', name: 'orders', component: () => import('./pages/OrdersPage.vue') },
    { path: '/stores', name: 'stores', component: () => import('./pages/StoresPage.vue') },
    { path: '/people', name: 'people', component: () => import('./pages/PeoplePage.vue') },
    { path: '/models', name: 'models', component: () => import('./pages/ModelsPage.vue') },
    { path: '/tags', name: 'tags', component: () => import('./pages/TagsPage.vue') },
    { path: '/import', name: 'import', component: () => import('./pages/ImportPage.vue') },
    { path: '/audit', name: 'audit', component: () => import('./pages/AuditPage.vue') },
    { path: '/businesses', name: 'businesses', component: () => import('./pages/BusinessesPage.vue') },
    { path: '/jobs', name: 'jobs', component: () => import('./pages/JobsPage.vue') },
    { path: '/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue') },
    { path: '/:rest(.*)*', redirect: '/live' },
  ],
})

router.beforeEach((to) => {
  if (to.meta.open) return true
  if (account.value && isStaff.value) return to.name === 'live' && onlySupplies.value ? { name: 'products' } : true
  return { name: 'sign-in', query: to.fullPath === '/live' ? {} : { then: to.fullPath } }
})
