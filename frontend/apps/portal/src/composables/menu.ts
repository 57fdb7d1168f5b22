import { ref } from 'vue'

/** The one menu that is open on the page, by its id; opening another closes it. */
export const openMenu = ref('')

export function closeMenu(): boolean {
  const was = openMenu.value !== ''
  openMenu.value = ''
  return was
}
