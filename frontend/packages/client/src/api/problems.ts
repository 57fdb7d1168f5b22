/** RFC 9457 problem details as the API sends them. `code` is stable, `detail` is already in the caller's language. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  code: string
  detail?: string
  instance?: string
  errors?: FieldError[]
  data?: Record<string, unknown>
}

export interface FieldError {
  pointer: string
  expected?: string
  got?: string
}

/** The server understood and said no. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  readonly retryAfterMs: number | null

  constructor(readonly problem: ProblemDetails, retryAfterMs: number | null = null) {
    super(problem.detail || problem.title)
    this.status = problem.status
    this.code = problem.code
    this.errors = problem.errors ?? []
    this.retryAfterMs = retryAfterMs
  }
}

/** No answer came: offline, a closed port, a time-out. Whether a write happened is unknown. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

export const isProblem = (error: unknown, code?: string): error is ApiProblem =>
  error instanceof ApiProblem && (code === undefined || error.code === code)

/** Reads a failed answer; a proxy's HTML page becomes a problem as well. */
export function readProblem(status: number, body: string, retryAfter: string | null): ApiProblem {
  const seconds = retryAfter === null ? NaN : Number(retryAfter)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null
  try {
    const parsed = JSON.parse(body) as Partial<ProblemDetails>
    if (typeof parsed.title === 'string') {
      return new ApiProblem(
        { ...parsed, type: parsed.type ?? 'about:blank', title: parsed.title, status, code: parsed.code ?? `http_${status}` },
        retryAfterMs,
      )
    }
  } catch {
    // Not JSON: the answer below says all that is known.
  }
  return new ApiProblem({ type: 'about:blank', title: `HTTP ${status}`, status, code: `http_${status}` }, retryAfterMs)
}
