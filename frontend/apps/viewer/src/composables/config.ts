import type { Config } from '@kaibo/client'
import { api } from './session'

let asked: Promise<Config> | null = null

/** Asked once; a failed answer is asked for again. */
export function config(): Promise<Config> {
  asked ??= api.config().catch((error: unknown) => {
    asked = null
    throw error
  })
  return asked
}
