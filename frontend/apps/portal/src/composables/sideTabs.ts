import type { ComputedRef, InjectionKey } from 'vue'

export interface SideTab {
  value: string
  text: string
  /** The key that leads there. */
  key?: string
}

/** Tabs that a side panel shows below its title. */
export interface SideTabs {
  tabs: ComputedRef<SideTab[]>
  chosen: ComputedRef<string>
  choose: (value: string) => void
}

export const SIDE_TABS: InjectionKey<SideTabs> = Symbol('side tabs')
