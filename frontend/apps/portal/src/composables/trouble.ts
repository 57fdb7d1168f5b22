import { ApiProblem, type FieldError, Unreachable } from '@kaibo/client'
import { expectation } from '@/format/expectations'
import { t } from '@/i18n'

export type TroubleKind = 'offline' | 'not_found' | 'not_allowed' | 'conflict' | 'invalid' | 'error'

/** Why something did not work, in words for a person: what happened and what to do. */
export interface Trouble {
  kind: TroubleKind
  title: string
  advice: string
  /** Texts for fields of the form that was sent, by pointer without its first slash: `title`, `price/amount`. */
  fields: Record<string, string>
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Unreachable) {
    return { kind: 'offline', title: t('trouble.offline.title'), advice: t('trouble.offline.advice'), fields: {} }
  }
  if (!(error instanceof ApiProblem)) {
    return { kind: 'error', title: t('trouble.error.title'), advice: t('trouble.error.advice'), fields: {} }
  }
  const kind = kindOf(error)
  return { kind, title: error.problem.title, advice: error.problem.detail || adviceFor(kind), fields: fieldsOf(error) }
}

function kindOf({ status }: ApiProblem): TroubleKind {
  if (status === 404) return 'not_found'
  if (status === 401 || status === 403) return 'not_allowed'
  if (status === 412 || status === 428) return 'conflict'
  if (status === 400 || status === 422) return 'invalid'
  return 'error'
}

function adviceFor(kind: TroubleKind): string {
  return t(`trouble.${kind}.advice`)
}

/** A refusal about one value names it by `data.pointer`; failed validation lists them in `errors`. */
function fieldsOf({ errors, problem }: ApiProblem): Record<string, string> {
  const fields = Object.fromEntries(errors.map((error) => [error.pointer.replace(/^\//, ''), explain(error)]))
  const pointer = problem.data?.pointer
  return typeof pointer === 'string' ? { ...fields, [pointer.replace(/^\//, '')]: problem.title } : fields
}

export function explain({ expected, got }: Pick<FieldError, 'expected' | 'got'>): string {
  if (!got && !expected) return t('field.required')
  return expected ? expectation(expected) : t('field.wrong')
}
