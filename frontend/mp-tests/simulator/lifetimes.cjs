/**
 * WeChat calls `ready` of every component; the simulated system only of those that are there when a page is attached.
 * From now on a component that comes later is told too, once.
 */
function tellLateOnes() {
  const make = global.Component
  global.Component = (options) => make({ ...options, lifetimes: { ...options.lifetimes, ...complete(options) } })
}

function complete(options) {
  const given = { attached: options.attached, ready: options.ready, detached: options.detached, ...options.lifetimes }
  const told = new WeakSet()
  function ready() {
    if (told.has(this)) return
    told.add(this)
    given.ready?.call(this)
  }
  return {
    ready,
    attached() {
      given.attached?.call(this)
      setTimeout(() => ready.call(this))
    },
    detached() {
      told.add(this)
      given.detached?.call(this)
    },
  }
}

module.exports = { tellLateOnes }
