/** What creators and customers hand in, as the business's people see it. */
export const contributionsZh = {
  'settings.contributions': '投稿',
  'settings.contributions.take': '接受投稿',
  'settings.contributions.on.means': '登录的顾客和已通过的创作者可以在观众端投稿图文和图集。它们先进入“审核”，发布后才会被看到。',
  'settings.contributions.off.means': '没有人能投稿。已经投来的还在审核里，作者仍可以撤回。',
  'settings.contributions.is_on': '开始接受投稿',
  'settings.contributions.is_off': '不再接受投稿',
  'draft.by': '{origin}投稿 · {name}',
} as const

export const contributionsEn: Record<keyof typeof contributionsZh, string> = {
  'settings.contributions': 'Contributions',
  'settings.contributions.take': 'Take contributions',
  'settings.contributions.on.means': 'Customers and approved creators who are signed in hand in articles and picture sets in the viewer app. They come under Reviews first; nobody sees them before they are published.',
  'settings.contributions.off.means': 'Nobody can hand in. What came before stays under Reviews; its authors may still take it back.',
  'settings.contributions.is_on': 'Contributions are taken from now on',
  'settings.contributions.is_off': 'No contributions are taken from now on',
  'draft.by': 'By {name}, {origin}',
}
