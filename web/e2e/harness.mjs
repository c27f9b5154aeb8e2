// Drives the page in a real browser, against a real stack. Every window fails on what its console says.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { texts } from './texts.mjs'

const require = createRequire(import.meta.url)
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const WAIT_MS = 20_000

/** The browser: Debian's, or the one that CROSSLOOK_CHROMIUM names. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CROSSLOOK_CHROMIUM ?? '/usr/bin/chromium',
    // Tests run as root in containers, where Chromium has no sandbox to put itself into.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
}

/** A sign-in link that the command prints. `CROSSLOOK_OPEN`: that command as a JSON array, without the tenant. */
export function signInLink(tenant) {
  const [command, ...parts] = JSON.parse(process.env.CROSSLOOK_OPEN ?? '[]')
  if (command === undefined) throw new Error('CROSSLOOK_OPEN must name the command that prints a sign-in link')
  const printed = execFileSync(command, [...parts, '--json', '--no-browser', ...(tenant === '*' ? [] : ['--tenant', tenant])])
  return JSON.parse(printed.toString()).url
}

/** One person at the page: a window of their own, signed in to a tenant (`*`: an operator). */
export class Person {
  constructor(context, page, language, session) {
    Object.assign(this, { context, page, language, session, t: texts(language), said: [] })
    this.listen(page)
  }

  listen(page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.said.push(`${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => this.said.push(`page error: ${error}`))
  }

  /** Another window of the same browser, with the same sessions. */
  async window() {
    const page = await this.context.newPage()
    this.listen(page)
    return page
  }

  /** Takes what the console was bound to say out of what it said. */
  expected(pattern) {
    this.said = this.said.filter((text) => !pattern.test(text))
  }

  static async arrives(browser, { session = '*', language = 'en', theme = 'light', width = 1280, height = 900, signIn = true } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, locale: language, timezoneId: 'Europe/Paris', permissions: ['clipboard-read', 'clipboard-write'] })
    context.setDefaultTimeout(WAIT_MS)
    await context.addInitScript(([chosen, shown]) => {
      localStorage.setItem('crosslook.language', chosen)
      localStorage.setItem('crosslook.theme', shown)
    }, [language, theme])
    const person = new Person(context, await context.newPage(), language, session)
    if (signIn) {
      await person.page.goto(signInLink(session))
      await person.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    }
    return person
  }

  get origin() {
    return new URL(this.page.url()).origin
  }

  /** Opens an address of the page and waits until its heading is there. */
  async open(path) {
    await this.page.goto(new URL(path, this.origin).href)
    await this.page.locator('h1').first().waitFor({ state: 'attached' })
  }

  /** A call of the API with this person's session. Throws for anything but 2xx. */
  async call(method, path, body, headers = {}) {
    const response = await this.context.request.fetch(`${this.origin}/api/${path}`, {
      method,
      headers: { 'X-Crosslook-Session': this.session, ...headers },
      ...(body === undefined ? {} : { data: body }),
    })
    const text = await response.text()
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${text.slice(0, 400)}`)
    return text === '' ? null : JSON.parse(text)
  }

  /** Refreshes and waits until the snapshot is published. A run that was under way already does not count: it may have
   * been cut before what the scenario sent. */
  async refresh() {
    const asked = Date.now()
    for (;;) {
      const { run } = await this.call('POST', 'snapshot/v1/snapshots')
      let state
      await eventually(async () => {
        state = await this.call('GET', `snapshot/v1/runs/${run}`)
        if (state.state === 'failed') throw new Stop(`the refresh failed: ${state.reason}`)
        return state.state === 'published'
      }, 'the refresh is published', 120_000)
      if (Date.parse(state.started_at) >= asked) return
    }
  }

  /** Fails when axe finds a violation (WCAG 2.2 A and AA, and good practice). */
  async accessible(what) {
    await this.page.evaluate(AXE)
    const found = await this.page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`)
    })
    if (found.length > 0) throw new Error(`axe on ${what}:\n  ${found.join('\n  ')}`)
  }

  /** Fails when the page is wider than its window: only tables may scroll sideways. */
  async fits(what) {
    const [content, window] = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
    if (content > window) throw new Error(`${what} is ${content} px wide in a window of ${window} px`)
  }

  /** Closes the window; throws if its console said anything. */
  async leaves() {
    await this.context.close()
    if (this.said.length > 0) throw new Error(`the console said:\n  ${this.said.join('\n  ')}`)
  }
}

/** A wait that cannot end well. */
class Stop extends Error {}

/** Waits until `check` answers true; fails with what it waited for. */
export async function eventually(check, what, ms = WAIT_MS) {
  const end = Date.now() + ms
  let last
  for (;;) {
    try {
      if (await check()) return
      last = undefined
    } catch (error) {
      if (error instanceof Stop) throw error
      last = error
    }
    if (Date.now() > end) throw new Error(`Waited ${ms / 1000} s until ${what}${last === undefined ? '' : `: ${last.message}`}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Fails unless the two are equal, as JSON. */
export function equal(found, expected, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: found ${a}, expected ${b}`)
}

/** Fails unless it is true. */
export function ok(value, what) {
  if (!value) throw new Error(what)
}

/** Runs scenarios by name, prints a line for each and one that counts them; a failure leaves a picture. */
export async function run(scenarios) {
  const wanted = process.argv.slice(2)
  const pictures = process.env.CROSSLOOK_PICTURES ?? 'e2e/pictures'
  const browser = await launch()
  let [passed, failed] = [0, 0]
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
    const started = Date.now()
    const people = []
    const arrives = async (options) => {
      const person = await Person.arrives(browser, options)
      people.push(person)
      return person
    }
    try {
      await scenario({ arrives, browser })
      for (const person of people.splice(0)) await person.leaves()
      passed += 1
      console.log(`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    } catch (error) {
      failed += 1
      mkdirSync(pictures, { recursive: true })
      for (const [index, person] of people.entries()) {
        const file = join(pictures, `${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}-${index}.png`)
        await person.page.screenshot({ path: file }).then(() => console.log(`      ${person.page.url()} ${file}`), () => undefined)
        if (person.said.length > 0) console.log(`      console: ${person.said.join('\n      ')}`)
        await person.context.close().catch(() => undefined)
      }
      console.log(`FAIL  ${name}\n      ${error.stack ?? error}`)
    }
  }
  await browser.close()
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
