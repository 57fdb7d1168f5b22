/**
 * Puts every WXML and WXSS of a built mini-program through WeChat's own compilers, and measures its packages.
 * Prints {wxml, wxss, main, packages} (files, bytes), or fails with what the compilers say.
 */
const { readdirSync, readFileSync, statSync } = require('node:fs')
const path = require('node:path')
const { wxmlToJs } = require('miniprogram-compiler')
const compileWxss = require('miniprogram-compiler/src/wcsc')

const root = path.resolve(process.argv[2])
const files = readdirSync(root, { recursive: true }).filter((file) => statSync(path.join(root, file)).isFile())
const ending = (end) => files.filter((file) => file.endsWith(end))

/** A mistake becomes a script that throws, or a template that is not there. */
function compileTemplates() {
  const templates = ending('.wxml')
  const compiled = new Function('window', wxmlToJs(root))({ __webview_engine_version__: 0.02 })
  for (const file of templates) if (typeof compiled(file) !== 'function') throw new Error(`${file} was not compiled`)
  return templates.length
}

function compileStyles() {
  const styles = ending('.wxss')
  const compiled = compileWxss(root, styles.map((file) => file.slice(0, -'.wxss'.length)))
  if (compiled instanceof Error) throw compiled
  return styles.length
}

function measure() {
  const app = JSON.parse(readFileSync(path.join(root, 'app.json'), 'utf8'))
  const packages = Object.fromEntries((app.subPackages ?? []).map(({ root: at }) => [at, 0]))
  let main = 0
  for (const file of files) {
    const { size } = statSync(path.join(root, file))
    const at = Object.keys(packages).find((folder) => file.startsWith(`${folder}/`))
    if (at) packages[at] += size
    else main += size
  }
  return { main, packages }
}

console.log(JSON.stringify({ wxml: compileTemplates(), wxss: compileStyles(), ...measure() }))
