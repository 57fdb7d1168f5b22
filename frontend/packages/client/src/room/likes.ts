const LARGEST_BATCH = 50

/** Gathers taps on the heart, so that a fast thumb costs one command a second. */
export class LikeBatch {
  private waiting = 0
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(
    private readonly send: (count: number) => void,
    private readonly everyMs = 1_000,
  ) {}

  tap(): void {
    this.waiting += 1
    this.timer ??= setTimeout(() => this.flush(), this.everyMs)
  }

  /** Sends what is left; also when the page goes away. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    while (this.waiting > 0) {
      const count = Math.min(this.waiting, LARGEST_BATCH)
      this.waiting -= count
      this.send(count)
    }
  }
}
