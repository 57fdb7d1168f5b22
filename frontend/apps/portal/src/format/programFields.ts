/** Base fields of a program that stand in groups of their own; every other one stands in the open. */
export const REACH = ['visibility', 'channels']
export const KEEP = ['recording', 'rehearsal']
export const CAST = ['guests']
export const GROUPED = [...REACH, ...KEEP, ...CAST]
