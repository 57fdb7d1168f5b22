/** What the server expected of a value, in the language of the page: it tells it in plain English. */
import { locale, t } from '@/i18n'

const KNOWN: [RegExp, string][] = [
  [/^a value$/, '必填'],
  [/^no such field$/, '没有这个字段'],
  [/^at most (\S+) characters$/, '最多 $1 个字'],
  [/^at least (\S+) characters$/, '至少 $1 个字'],
  [/^at most (\S+) items$/, '最多 $1 项'],
  [/^at least (\S+) items$/, '至少 $1 项'],
  [/^no item twice$/, '不能重复'],
  [/^at most (\S+)$/, '最大 $1'],
  [/^at least (\S+)$/, '最小 $1'],
  [/^one of (.*)$/, '应为其中之一：$1'],
  [/^text matching (.*)$/, '格式应符合 $1'],
  [/^(?:an? )?(integer|number|string|boolean|array|object|date|uri)$/, '类型应为 $1'],
  [/^str of length >= 1$/, '必填'],
  [/^str of length >= (\d+)$/, '至少 $1 个字'],
  [/^str of length <= (\d+)$/, '最多 $1 个字'],
  [/^(?:int|float) >= (\S+)$/, '最小 $1'],
  [/^(?:int|float) <= (\S+)$/, '最大 $1'],
  [/^array of length <= (\d+)$/, '最多 $1 项'],
  [/^array of length >= (\d+)$/, '至少 $1 项'],
  [/^(?:int|float)$/, '应为数字'],
  [/^str$/, '应为文字'],
  [/^str matching regex .*$/, '格式不对'],
  [/^a schema that does not lead back to itself$/, '引用不能指回自己'],
  [/^a reference inside this document.*$/, '只能引用本文件里的定义'],
  [/^a reference that leads somewhere$/, '引用的位置不存在'],
  [/^at most (\d+) levels.*$/, '最多 $1 层'],
  [/^at most (\d+) values in all$/, '最多 $1 个值'],
  [/^an id no other field has$/, '编号不能与其他字段相同'],
  [/^a name of a-z, 0-9 and _$/, '只能用小写字母、数字和下划线'],
  [/^a pattern without look-around.*$/, '格式规则不能用前后断言、反向引用，也不能太大'],
  [/^false: personal data is not put into an index$/, '个人信息不能用于筛选或搜索'],
  [/^false: only texts are searched$/, '只有文本可以搜索'],
  [/^false: only fields outside of groups are filtered by$/, '分组里的字段不能筛选'],
  [/^false: only texts of at most (\d+) characters are filtered by$/, '最多 $1 个字的文本才能筛选'],
  [/^false: a field of type .* is not filtered by$/, '这种类型不能筛选'],
  [/^at most (\d+) fields filtered by value$/, '最多 $1 个按值筛选的字段'],
  [/^at most (\d+) fields filtered by range$/, '最多 $1 个按范围筛选的字段'],
  [/^at most (\d+) index entries a document$/, '可筛选的组合太多，最多 $1 种'],
  [/^at most (\d+) groups and lists in each other$/, '分组和列表最多嵌套 $1 层'],
  [/^at most (\d+) fields$/, '最多 $1 个字段'],
  [/^rich text of the allowed tags$/, '富文本里有不允许的标签'],
  [/^an? (\S+) of this business$/, '本业务方没有这个（$1）'],
]

export function expectation(expected: string | undefined): string {
  if (!expected || expected === 'a value') return t('field.required')
  if (locale.value === 'en') return t('field.expected', { expected })
  for (const [pattern, text] of KNOWN) if (pattern.test(expected)) return expected.replace(pattern, text)
  return t('field.expected', { expected })
}
