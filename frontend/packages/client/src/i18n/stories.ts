/** Articles and picture sets. */
export const storiesZh = {
  'home.tab.stories': '图文',
  'story.title': '图文',
  'story.pictures': '{n} 张图',
  'story.read': '文章',
  'story.share': '分享',
  'story.origin.ogc': '官方',
  'story.origin.pgc': '创作者',
  'story.origin.ugc': '用户',
  'story.from_show': '来自直播',
  'story.look': '看大图：{n}',
  'state.empty.stories.title': '还没有图文',
  'state.empty.stories.body': '文章和图集发布后会出现在这里。',
  'state.empty.stories.action': '看直播',
} as const

export const storiesEn: Record<keyof typeof storiesZh, string> = {
  'home.tab.stories': 'Stories',
  'story.title': 'Story',
  'story.pictures': '{n} pictures',
  'story.read': 'Article',
  'story.share': 'Share',
  'story.origin.ogc': 'Official',
  'story.origin.pgc': 'Creator',
  'story.origin.ugc': 'Customer',
  'story.from_show': 'From the show',
  'story.look': 'Look closer: {n}',
  'state.empty.stories.title': 'No stories yet',
  'state.empty.stories.body': 'Articles and picture sets appear here once they are published.',
  'state.empty.stories.action': 'Watch live',
}
