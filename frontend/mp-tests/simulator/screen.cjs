/** Reading and touching what WeChat's component system has drawn, the way a person would: by what stands there. */
const exparser = require('miniprogram-exparser')

/** What a node is drawn from; slots, shadow roots and text have none of their own. */
function about(node) {
  const drawn = node._vt
  if (!drawn) return null
  const attrs = Object.fromEntries((drawn.attrs ?? []).map(({ name, value }) => [name, value]))
  return { tag: drawn.tagName, attrs, testid: attrs['data-testid'] ?? attrs.name ?? '' }
}

function childrenOf(node) {
  if (node instanceof exparser.TextNode) return []
  return node.shadowRoot instanceof exparser.Element ? [node.shadowRoot] : (node.__wxSlotChildren ?? node.childNodes)
}

function* walk(node) {
  yield node
  for (const child of childrenOf(node)) yield* walk(child)
}

/** Every node with this test id, from top to bottom; `<tag>` finds by the name of the tag. */
function find(root, wanted) {
  const tag = /^<(.+)>$/.exec(wanted)?.[1]
  return [...walk(root)].filter((node) => {
    const known = about(node)
    return known && (tag ? known.tag === tag : known.testid === wanted)
  })
}

const text = (node) => [...walk(node)].map((one) => (one instanceof exparser.TextNode ? one.textContent : '')).join(' ').replace(/\s+/g, ' ').trim()

/** Sends an event to a node. Those of a finger go up the tree, those of a native component stay where they are. */
function fire(node, name, detail = {}) {
  const finger = name === 'tap' || name.startsWith('touch') || name.startsWith('long')
  const point = { identifier: 0, pageX: 10, pageY: 10, clientX: 10, clientY: 10 }
  const touches = finger ? { touches: name === 'touchend' ? [] : [point], changedTouches: [point] } : {}
  const event = exparser.Event.create(name, detail, { bubbles: finger, capturePhase: finger, composed: finger, extraFields: touches })
  exparser.Event.dispatchEvent(node, event)
}

const show = (node) => ({ ...about(node), text: text(node) })

module.exports = { find, fire, show, text }
