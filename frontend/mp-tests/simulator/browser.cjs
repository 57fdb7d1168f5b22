/** WeChat's component system draws into a document: this one. The mini-program itself never sees it (realm.cjs). */
const { JSDOM } = require('jsdom')

const { window } = new JSDOM('<!DOCTYPE html><body></body>', { pretendToBeVisual: true, url: 'http://localhost/' })
const NEEDED = ['document', 'Node', 'Event', 'CustomEvent', 'HTMLElement', 'MutationObserver', 'Element']

global.window = window
for (const name of NEEDED) global[name] = window[name]

module.exports = { document: window.document }
