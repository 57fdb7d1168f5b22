import { ApiProblem, type ContributionForm, type FormPicture, Unreachable } from '@kaibo/client'
import { reactive } from 'vue'
import { pickPictures, type Picked } from '@/platform/pictures'
import { api, picture as objectUrl } from './session'
import { t } from './text'

/** How the upload of one picture goes. */
export interface Upload {
  path: string
  /** 0 to 1; null: it is not told. */
  share: number | null
  trouble: string
  /** It may go better another time. */
  again: boolean
}

const MB = 1024 * 1024
export const typesOf = (limits: ContributionForm['limits']): string => limits.picture_types.map((one) => one.replace('image/', '').toUpperCase().replace('JPEG', 'JPG')).join(' / ')

/** Pictures on their way to a business, by the id they have in the form; `arrived` is told the key of each. */
export function useUploads(target: () => ContributionForm | null, arrived: (id: string, key: string) => void) {
  const uploads = reactive(new Map<string, Upload>())
  const files = new Map<string, Picked>()
  const addresses = reactive(new Map<string, string>())

  /** Where a picture is shown from: the device, a signed address, or the server. */
  const addressOf = ({ id, key }: FormPicture): string => uploads.get(id)?.path || (key && (addresses.get(key) ?? objectUrl(key)))

  const learn = (told: Readonly<Record<string, string>>): void => Object.entries(told).forEach(([key, url]) => addresses.set(key, url))

  const choose = (count: number): Promise<Picked[]> => pickPictures(count)

  function begin(id: string, file: Picked): void {
    files.set(id, file)
    void send(id)
  }

  async function send(id: string): Promise<void> {
    const [file, form] = [files.get(id), target()]
    if (!file || !form) return
    uploads.set(id, { path: file.path, share: null, trouble: check(file, form.limits), again: false })
    const state = uploads.get(id)!
    if (state.trouble) return
    try {
      const { key } = await api.contributePicture(form.business, await file.bytes(), file.mediaType, (share) => (state.share = share))
      addresses.set(key, file.path)
      uploads.delete(id)
      arrived(id, key)
    } catch (error) {
      state.trouble = error instanceof ApiProblem ? error.message : t('shot.failed')
      state.again = error instanceof Unreachable || (error instanceof ApiProblem && error.status >= 429)
    }
  }

  function check({ size, mediaType }: Picked, limits: ContributionForm['limits']): string {
    if (size > limits.picture_bytes) return t('shot.too_large', { mb: Math.floor(limits.picture_bytes / MB) })
    return limits.picture_types.includes(mediaType) ? '' : t('shot.wrong_type', { types: typesOf(limits) })
  }

  const busy = (): boolean => [...uploads.values()].some(({ trouble }) => !trouble)

  return { uploads, addressOf, learn, choose, begin, again: send, busy }
}

export type Uploads = ReturnType<typeof useUploads>
