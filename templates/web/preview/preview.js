// The preview's page: follows what is saved, without losing the place, the choice or the focus. No libraries.
"use strict"

const by_id = id => document.getElementById(id)
const all = (selector, within = document) => [...within.querySelectorAll(selector)]
const page = document.body.dataset

// --- Events -------------------------------------------------------------------------------------------------------
// A browser has six connections to a server: a tab that nobody sees gives its own back, and catches up when it is seen.

function follow(address, changed) {
  let events = null
  let lost = 0
  const say = words => { if (by_id("connection").textContent !== words) by_id("connection").textContent = words }

  function begin() {
    if (events || document.hidden) return
    events = new EventSource(address)
    events.onopen = () => { clearTimeout(lost); lost = 0; say("") }
    events.onmessage = message => changed(Number(message.data))
    events.onerror = () => {
      lost ||= setTimeout(() => say("The preview has ended, so this page no longer follows. Start it again: newsletter preview"), 2500)
      if (events.readyState === EventSource.CLOSED) { events = null; setTimeout(begin, 1000) }
    }
  }
  function end() { events?.close(); events = null; clearTimeout(lost); lost = 0 }

  document.addEventListener("visibilitychange", () => document.hidden ? end() : begin())
  addEventListener("pagehide", end)
  addEventListener("pageshow", begin)
  begin()
}

// One request at a time; a change meanwhile asks again afterwards.
function one_at_a_time(ask) {
  let busy = false
  let again = false
  return async function run() {
    if (busy) { again = true; return }
    busy = true
    do {
      again = false
      try { await ask() } catch (why) { if (!(why instanceof TypeError)) throw why } // the server has gone, which `follow` tells
    } while (again)
    busy = false
  }
}

// --- Parts --------------------------------------------------------------------------------------------------------

const standing = new Map()

// The focus stays on the element of the same id; what has not changed is left alone.
function put(id, html) {
  if (standing.get(id) === html) return
  standing.set(id, html)
  const part = by_id(id)
  const focused = part.contains(document.activeElement) ? document.activeElement.id : ""
  const top = part.scrollTop
  part.innerHTML = html
  part.scrollTop = top
  if (focused) (by_id(focused) ?? part).focus({preventScroll: true})
}

function put_text(id, text) {
  standing.delete(id)
  if (by_id(id).textContent !== text) by_id(id).textContent = text
}

// --- The list of all issues -----------------------------------------------------------------------------------------

function index_page() {
  let seen = -1
  const refresh = one_at_a_time(async () => {
    const answer = await fetch("/now")
    if (answer.ok) put("rows", (await answer.json()).rows)
  })
  follow("/events", number => { if (number !== seen) { seen = number; refresh() } })
}

// --- Frames ---------------------------------------------------------------------------------------------------------
// The mail is parsed apart, where nothing loads or runs; what differs is put into each frame, which may run nothing either.

const frames = () => all(".glass iframe")
let mail = null

function inside(frame) {
  const inner = frame.contentDocument
  return inner && inner.readyState === "complete" && inner.URL !== "about:blank" ? inner : null
}

function swap(text) {
  if (text === mail || !text) return
  mail = text
  for (const frame of frames()) pour(frame)
}

function pour(frame) {
  const inner = inside(frame)
  if (!inner || mail === null || frame.poured === mail) return
  frame.poured = mail
  const {scrollX, scrollY} = frame.contentWindow
  unlit(inner)
  // by the frame's own parser: what our page may not have, such as styles in attributes, would be lost
  const parser = new frame.contentWindow.DOMParser()
  patch(inner.documentElement, parser.parseFromString(mail, "text/html").documentElement)
  if (frame.contentWindow.scrollY !== scrollY) frame.contentWindow.scrollTo(scrollX, scrollY)
}

// Makes the old node equal to the fresh one, leaving alone what is equal already: scroll, focus and images stay.
function patch(old, fresh) {
  if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh)
  if (old.nodeType !== Node.ELEMENT_NODE) { if (old.data !== fresh.data) old.data = fresh.data; return }
  for (const {name} of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name)
  for (const {name, value} of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  const before = [...old.childNodes]
  const after = [...fresh.childNodes]
  let head = 0
  let tail = 0
  const shorter = Math.min(before.length, after.length)
  while (head < shorter && before[head].isEqualNode(after[head])) head++
  while (tail < shorter - head && before.at(-1 - tail).isEqualNode(after.at(-1 - tail))) tail++
  const rest = before.slice(head, before.length - tail)
  const wanted = after.slice(head, after.length - tail)
  const next = before[before.length - tail] ?? null
  rest.forEach((node, index) => index < wanted.length ? patch(node, wanted[index]) : node.remove())
  for (const node of wanted.slice(rest.length)) old.insertBefore(node, next)
}

// Takes the outlines away again.
function unlit(inner) {
  for (const old of all("[data-lit]", inner)) {
    if (old.dataset.lit) old.setAttribute("style", old.dataset.lit); else old.removeAttribute("style")
    delete old.dataset.lit
  }
}

// The frames' widths are true; what does not fit the window is shown smaller as a whole.
function fit() {
  const shown = all(".device").filter(device => !device.hidden)
  const devices = by_id("devices")
  const column = getComputedStyle(devices).flexDirection === "column"
  const room = devices.clientWidth - 8
  const widths = shown.map(device => Number(device.dataset.width))
  const needed = of => of.reduce((sum, width) => sum + width + 2, 20 * (of.length - 1))
  // all of them, unless they would become too small: then the first two, and enough of the third to be seen
  const together = room / needed(widths)
  const least = Math.max(0.6, room / (needed(widths.slice(0, 2)) + 60))
  const beside = Math.min(1, together >= 0.8 || widths.length < 3 ? Math.max(0.6, together) : least)
  shown.forEach((device, index) => {
    const scale = column ? Math.min(1, room / (widths[index] + 2)) : beside
    const glass = device.querySelector(".glass")
    const frame = glass.firstElementChild
    glass.style.width = `${Math.round(widths[index] * scale) + 2}px`
    frame.style.width = `${widths[index]}px`
    frame.style.height = `${(glass.clientHeight / scale).toFixed(1)}px`
    frame.style.transform = scale < 1 ? `scale(${scale.toFixed(4)})` : ""
    device.querySelector(".scale").textContent = scale < 0.995 ? `shown at ${Math.round(scale * 100)} %` : ""
  })
}

// --- An issue -------------------------------------------------------------------------------------------------------

function issue_page() {
  const home = `/issues/${page.slug}/`
  const query = new URLSearchParams(location.search)
  let number = Number(page.number)
  let chosen = null // the key of the problem that is pointed at
  let wanted_web = query.get("web") === "1"

  function addressed(path) {
    const text = query.toString()
    return text ? `${path}?${text}` : path
  }
  function set(name, value) {
    if (value) query.set(name, value); else query.delete(name)
    history.replaceState(null, "", addressed(home) + location.hash)
  }

  const refresh = one_at_a_time(async () => {
    const answer = await fetch(addressed(`${home}now`))
    if (answer.ok) show(await answer.json())
  })

  function show(now) {
    number = now.number
    document.title = `${now.title} · Preview`
    document.body.toggleAttribute("data-broken", now.broken)
    for (const [name, html] of Object.entries(now.parts)) put(name, html)
    put_text("heading", now.heading)
    put_text("count", now.counts)
    by_id("elsewhere").hidden = !now.elsewhere
    put_text("text", now.text)
    put_text("source", now.source)
    if (now.html) for (const frame of frames()) if (!frame.hasAttribute("src")) frame.src = addressed(`${home}mail`)
    swap(now.html)
    point()
    fit()
  }

  // Looks
  const bar = by_id("bar")
  bar.addEventListener("submit", event => event.preventDefault())
  bar.addEventListener("change", event => {
    const {name} = event.target
    if (name === "variant") choose_variant(event.target.value)
    else if (name === "device") choose_devices()
    else if (name === "web") choose_web(event.target.checked)
    else choose_views()
  })
  function checked(name) { return all(`input[name=${name}]:checked`, bar).map(input => input.value) }
  function choose_views() {
    const views = [...checked("colour"), ...checked("view")].filter(view => view !== "as-sent")
    for (const words of all("[data-view]")) words.hidden = !views.includes(words.dataset.view)
    set("views", views.join(","))
    refresh()
  }
  function choose_variant(value) {
    if (value === "auto") query.delete("variant"); else query.set("variant", value.slice(1))
    set("", "")
    return refresh()
  }
  function choose_devices() {
    const shown = checked("device")
    for (const device of all(".device")) device.hidden = !shown.some(name => device.classList.contains(name))
    by_id("no-width").hidden = shown.length > 0
    set("widths", shown.length === 3 ? "" : shown.join(",") || "none")
    fit()
  }
  function choose_web(on) {
    wanted_web = on
    set("web", on ? "1" : "")
    for (const frame of frames()) {
      frame.poured = null
      frame.contentWindow.location.replace(addressed(`${home}mail`)) // only a new document gets the wider policy
    }
  }
  function own_width(text) {
    const width = Math.min(1200, Math.max(240, Math.round(Number(text)) || 480))
    by_id("own-range").value = width
    by_id("own-number").value = width
    document.querySelector(".device.own").dataset.width = width
    set("own", width === 480 ? "" : String(width))
    fit()
  }
  by_id("own-range").addEventListener("input", event => own_width(event.target.value))
  by_id("own-number").addEventListener("change", event => own_width(event.target.value))

  // Tabs, as the ARIA practices have them: arrows move, Home and End go to the ends
  const tabs = all("[role=tab]")
  function choose_tab(tab, {focus = false} = {}) {
    for (const other of tabs) {
      other.setAttribute("aria-selected", String(other === tab))
      other.tabIndex = other === tab ? 0 : -1
      by_id(other.getAttribute("aria-controls")).hidden = other !== tab
    }
    by_id("looks").hidden = by_id("explanations").hidden = tab.id !== "tab-mail"
    set("form", tab.id === "tab-mail" ? "" : tab.id.slice(4))
    if (focus) tab.focus()
    fit()
  }
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => choose_tab(tab))
    tab.addEventListener("keydown", event => {
      const to = {ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1}[event.key]
      if (to === undefined) return
      event.preventDefault()
      choose_tab(tabs[(to + tabs.length) % tabs.length], {focus: true})
    })
  })

  // Problems
  by_id("problems").addEventListener("click", async event => {
    const card = event.target.closest("h3 button")?.closest(".card")
    if (!card) return
    chosen = chosen === card.dataset.key ? null : card.dataset.key
    if (chosen && card.dataset.variant !== undefined) await choose_variant(card.dataset.variant)
    if (chosen && card.dataset.block !== undefined) choose_tab(by_id("tab-mail"))
    if (chosen && card.dataset.inbox !== undefined) choose_tab(by_id("tab-inbox"))
    point({scroll: true})
  })

  // Outlines what the chosen problem is about, in each frame or in the inbox.
  function point({scroll = false} = {}) {
    let card = null
    for (const other of all(".card")) {
      const is_it = chosen !== null && other.dataset.key === chosen
      other.classList.toggle("lit", is_it)
      other.querySelector("h3 button").setAttribute("aria-pressed", String(is_it))
      if (is_it) card ??= other
    }
    for (const row of all(".inbox .row")) row.classList.toggle("lit", card?.dataset.inbox !== undefined)
    const found = frames().map(frame => outline(frame, card?.dataset.block, scroll)).some(Boolean)
    if (scroll) put_text("told", told(card, found))
  }
  function told(card, found) {
    if (!card) return ""
    if (card.dataset.inbox !== undefined) return "Shown in the inbox."
    return found ? "Outlined in the mail." : "This is not at one place of the mail; see the line in the list."
  }
  function outline(frame, block, scroll) {
    const inner = inside(frame)
    if (!inner) return false
    unlit(inner)
    const blocks = block === undefined ? [] : all(`[data-at="${block}"]`, inner).filter(element => element.getClientRects().length)
    for (const element of blocks) {
      element.dataset.lit = element.getAttribute("style") ?? ""
      element.style.setProperty("outline", "3px solid #d9480f", "important")
      element.style.setProperty("outline-offset", "3px", "important")
      element.style.setProperty("box-shadow", "0 0 0 3px #fff, 0 0 0 7px #d9480f55", "important")
    }
    if (scroll && blocks.length) {
      const box = blocks[0].getBoundingClientRect()
      const height = frame.contentWindow.innerHeight
      const top = box.top + frame.contentWindow.scrollY - Math.max(24, (height - box.height) / 2)
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
      frame.contentWindow.scrollTo({top, behavior: calm ? "auto" : "smooth"})
    }
    return blocks.length > 0
  }

  // Readers
  const dialog = by_id("readers")
  by_id("choose-reader").addEventListener("click", () => dialog.showModal())
  by_id("close-readers").addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", event => {
    const key = event.target.closest("[data-reader]")?.dataset.reader
    if (key !== undefined) choose_reader(key)
  })
  function choose_reader(key) {
    query.delete("variant")
    set("reader", key)
    dialog.close()
    return refresh()
  }
  async function post(path, form) {
    const answer = await fetch(home + path, {method: "POST", body: new URLSearchParams(new FormData(form))})
    return answer.ok ? answer.json() : {trouble: "This cannot be answered now: the settings may be broken, or the issue deleted."}
  }
  by_id("search").addEventListener("submit", async event => {
    event.preventDefault()
    const answer = await post("readers", event.target)
    if (answer.trouble) put_text("found", answer.trouble); else put("found", answer.found)
  })
  by_id("fields").addEventListener("submit", async event => {
    event.preventDefault()
    const answer = await post("fields", event.target)
    put_text("refused", answer.trouble ?? "")
    if (!answer.trouble) choose_reader(answer.reader)
  })

  // As it was when the page was left
  const widths = query.get("widths")
  if (widths) {
    for (const input of all("input[name=device]")) input.checked = widths.split(",").includes(input.value)
    choose_devices()
  }
  if (query.get("own")) own_width(query.get("own"))
  const tab = by_id(`tab-${query.get("form")}`)
  if (tab) choose_tab(tab)
  for (const frame of frames()) {
    frame.addEventListener("load", () => { pour(frame); point() })
  }
  new ResizeObserver(fit).observe(by_id("devices"))
  fit()
  follow(`${home}events`, told_number => { if (told_number !== number) refresh() })
}

if (page.page === "index") index_page()
if (page.page === "issue") issue_page()
