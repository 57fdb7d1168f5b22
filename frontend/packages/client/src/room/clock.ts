const SAMPLES = 8

/**
 * The server's clock as seen from here. Each ping and its answer bound the offset by half the round trip,
 * so the sample with the shortest trip is the best one (RFC 5905 §10, the clock filter).
 */
export class ServerClock {
  private samples: { offset: number; trip: number }[] = []

  constructor(private readonly local: () => number = Date.now) {}

  sample(sentAt: number, serverAt: number, receivedAt: number = this.local()): void {
    const trip = Math.max(0, receivedAt - sentAt)
    this.samples = [...this.samples, { offset: serverAt - (sentAt + receivedAt) / 2, trip }].slice(-SAMPLES)
  }

  /** Milliseconds to add to the local clock. */
  get offset(): number {
    if (!this.samples.length) return 0
    return this.samples.reduce((best, next) => (next.trip < best.trip ? next : best)).offset
  }

  now(): number {
    return Math.round(this.local() + this.offset)
  }
}
