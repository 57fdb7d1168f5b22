import { type ContributionDraft, isBlank, restoreDrafts, withDraft } from '@kaibo/client'
import { ref, watch } from 'vue'
import { account } from './session'

const stored = (): string => `kaibo.contributions.${account.value?.id ?? ''}`

/** What is being written on this device by the person who is signed in, the newest first. */
export const drafts = ref<ContributionDraft[]>([])

const read = (): void => void (drafts.value = account.value ? restoreDrafts(uni.getStorageSync(stored()) as string) : [])

function write(next: ContributionDraft[]): void {
  uni.setStorageSync(stored(), JSON.stringify(next))
  drafts.value = next
}

/** Keeps a draft; one in which nothing is written is not kept. Throws where the device has no room. */
export function keepDraft(draft: ContributionDraft): void {
  read() // another tab may have written meanwhile
  const others = drafts.value.filter(({ id }) => id !== draft.id)
  write(isBlank(draft) ? others : withDraft(others, { ...draft, at: Date.now() }))
}

export function dropDraft(id: string): void {
  read()
  write(drafts.value.filter((one) => one.id !== id))
}

watch(() => account.value?.id, read, { immediate: true })
