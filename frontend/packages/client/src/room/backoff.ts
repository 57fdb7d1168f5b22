export interface BackoffOptions {
  baseMs: number
  capMs: number
}

/** Doubling delays with "equal jitter": a room that lost its server does not come back all in one moment. */
export class Backoff {
  private attempt = 0

  constructor(
    private readonly options: BackoffOptions,
    private readonly random: () => number = Math.random,
  ) {}

  next(): number {
    const ceiling = Math.min(this.options.capMs, this.options.baseMs * 2 ** this.attempt)
    this.attempt += 1
    return ceiling / 2 + (ceiling / 2) * this.random()
  }

  reset(): void {
    this.attempt = 0
  }
}
