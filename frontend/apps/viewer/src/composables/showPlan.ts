import { type ModelField, type Product, type Program, randomId, readFields, type Room } from '@kaibo/client'
import { computed, ref, shallowRef } from 'vue'
import type { Still } from './camera'
import { leftOver } from './leftOver'
import { api } from './session'

const OPEN = new Set(['draft', 'scheduled', 'ready', 'live', 'interrupted'])
const ON_AIR = new Set(['live', 'interrupted'])

/** What is going on air from this phone: a new show made on the spot, or one of the clerk's open programs. */
export function useShowPlan() {
  const room = shallowRef<Room | null>(null)
  const open = shallowRef<Program[]>([])
  const products = shallowRef<Product[]>([])
  const chosen = shallowRef<Program | null>(null)
  const title = ref('')
  /** What a show's title may be, as the form of shows says. */
  const titleField = shallowRef<ModelField | null>(null)
  const cover = ref('')
  const picked = ref<string[]>([])
  let creation = randomId()
  let made = ''

  /** A show that was going out from this phone when its page was closed is taken up again. */
  async function load(wanted: string): Promise<void> {
    const [rooms, programs, show] = await Promise.all([api.myRooms(), api.myPrograms(), api.form('program')])
    titleField.value = readFields(show.base).find(({ key }) => key === 'title') ?? null
    open.value = programs.items.filter(({ state }) => OPEN.has(state))
    const left = leftOver()?.program
    const again = open.value.find(({ id, state }) => id === left && ON_AIR.has(state))
    chosen.value = wanted ? await api.program(wanted) : (again ?? null)
    room.value = rooms.items.find(({ id }) => id === chosen.value?.room) ?? rooms.items[0] ?? null
    if (!room.value) return
    title.value = room.value.title
    cover.value = room.value.cover
    products.value = (await api.products(room.value.business)).items
    const last = programs.items.find(({ room: at, shelf }) => at === room.value?.id && shelf.length)
    const known = new Set(products.value.map(({ id }) => id))
    picked.value = (last?.shelf ?? []).map(({ product }) => product).filter((id) => known.has(id))
  }

  async function addCover(still: Still): Promise<void> {
    if (!room.value) return
    cover.value = (await api.uploadPicture(room.value.business, await still.arrayBuffer(), still.type)).key
  }

  /** The program, ready for its picture. After a failure it goes on where it stopped: nothing is made twice. */
  async function prepare(): Promise<Program> {
    let program = chosen.value
    if (!program) {
      if (!room.value) throw new Error('expected a room, got none')
      program = await api.createProgram({ room: room.value.id, title: title.value.trim() || room.value.title, cover: cover.value }, creation)
      made = program.id
    }
    chosen.value = program
    if (program.id === made && picked.value.length && !program.shelf.length) chosen.value = program = await api.setShelf(program.id, picked.value, program.rev)
    if (program.state === 'draft' || program.state === 'scheduled') chosen.value = program = await api.openProgram(program.id)
    return program
  }

  function choose(program: Program | null): void {
    chosen.value = program
    creation = randomId()
  }

  async function refresh(): Promise<void> {
    if (chosen.value) chosen.value = await api.program(chosen.value.id).catch(() => chosen.value)
  }

  const onAir = computed(() => ON_AIR.has(chosen.value?.state ?? ''))
  return { room, open, products, chosen, title, titleField, cover, picked, onAir, load, addCover, prepare, choose, refresh }
}

export type ShowPlan = ReturnType<typeof useShowPlan>
