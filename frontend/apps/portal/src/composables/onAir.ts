import { ref } from 'vue'

/** How many shows of the chosen business are on the air, for the rail. */
export const onAir = ref(0)
