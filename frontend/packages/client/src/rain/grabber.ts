import { type Answer, CommandRefused } from '../room/client'
import type { Command, Packet } from '../room/frames'

/** Why there is no packet. `unknown`: the connection went for good before the answer; the room knows it. */
export type Missed = 'empty' | 'over' | 'hosts' | 'sign_in' | 'unknown'
export type GrabOutcome = { won: Packet } | { missed: Missed }

const MISSED: Record<string, Missed> = {
  envelope_empty: 'empty',
  viewers_only: 'hosts',
  sign_in_first: 'sign_in',
  closed: 'unknown',
}

/** Grabs a packet: taps are many, the command is one; a refusal that names a time to wait is waited for. */
export class Grabber {
  private readonly asked = new Map<string, Promise<GrabOutcome>>()

  constructor(
    private readonly ask: (command: Command) => Promise<Answer>,
    private readonly wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  ) {}

  /** The same envelope again gives the same answer, unless it is worth asking anew. */
  grab(envelope: string): Promise<GrabOutcome> {
    const before = this.asked.get(envelope)
    if (before) return before
    const asking = this.take(envelope).then((outcome) => {
      if ('missed' in outcome && (outcome.missed === 'sign_in' || outcome.missed === 'unknown')) this.asked.delete(envelope)
      return outcome
    })
    this.asked.set(envelope, asking)
    return asking
  }

  private async take(envelope: string): Promise<GrabOutcome> {
    for (;;) {
      try {
        const { result } = await this.ask({ type: 'grab', envelope })
        return { won: result as unknown as Packet }
      } catch (error) {
        if (!(error instanceof CommandRefused)) return { missed: 'unknown' }
        if (error.retryAfterMs === null) return { missed: MISSED[error.code] ?? 'over' }
        await this.wait(error.retryAfterMs)
      }
    }
  }
}
