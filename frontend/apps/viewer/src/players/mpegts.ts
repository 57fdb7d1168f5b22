// Imported dynamically through here: a dynamic import of a hoisted package gets a chunk name browsers refuse.
export { default } from 'mpegts.js'
