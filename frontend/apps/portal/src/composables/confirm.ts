import { ref } from 'vue'

export interface Question {
  title: string
  body: string
  yes: string
  danger?: boolean
  /** Ask for a reason as well; these are offered to tap. */
  reasons?: string[]
}

interface Asked extends Question {
  answer: (reason: string | null) => void
}

export const asked = ref<Asked | null>(null)

/** Asks before something that others notice; gives the reason ('' without one), or null for no. */
export const confirm = (question: Question): Promise<string | null> =>
  new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (reason) => {
        asked.value = null
        resolve(reason)
      },
    }
  })
