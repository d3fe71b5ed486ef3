// What the judges of the layout ask a page: which texts a reader sees, where, and in which colours.
// Loaded into each page as `looking`.
globalThis.looking = (() => {
    const clips = style => ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY)
    const scrolls = style => ["auto", "scroll"].includes(style.overflowX)
    const ancestors = one => one ? [one, ...ancestors(one.parentElement)] : []
    const named = one => `${one.localName}.${one.className}`

    // text nodes with words that take room on the page
    const texts = () => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        const found = []
        while (walker.nextNode()) {
            const node = walker.currentNode
            if (!/[^\s\u00a0\u034f\u200c]/.test(node.data)) continue
            const range = document.createRange()
            range.selectNodeContents(node)
            const lines = [...range.getClientRects()].filter(line => line.width > 0)
            if (lines.length) found.push({node, element: node.parentElement, lines})
        }
        return found
    }

    const channels = colour => {
        const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number)
        return {red, green, blue, alpha}
    }
    const luminance = ({red, green, blue}) => {
        const linear = [red, green, blue].map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    const contrast = (one, other) => {
        const [low, high] = [one, other].map(colour => luminance(channels(colour))).sort((a, b) => a - b)
        return (high + 0.05) / (low + 0.05)
    }
    // backgrounds of mails are opaque: the nearest one is what shows
    const ground = one => ancestors(one).map(each => getComputedStyle(each).backgroundColor)
        .find(colour => channels(colour).alpha === 1) ?? "rgb(255, 255, 255)"

    return {
        // how far the page reaches beyond its window
        beyond: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,

        // words that stand outside of the window, or of an ancestor that cuts them off
        cut: () => texts().flatMap(({node, element, lines}) => {
            const frames = [{left: 0, right: document.documentElement.clientWidth, top: 0, bottom: Infinity}]
            for (const one of ancestors(element)) {
                if (one === document.body) break
                const style = getComputedStyle(one)
                if (scrolls(style)) frames.length = 0
                if (clips(style)) frames.push(one.getBoundingClientRect())
                if (scrolls(style)) break
            }
            const out = line => frames.some(frame => line.left < frame.left - 1 || line.right > frame.right + 1
                || (line.top + line.bottom) / 2 < frame.top || (line.top + line.bottom) / 2 > frame.bottom)
            return lines.some(out) ? [`${named(element)}: ${node.data.trim().slice(0, 60)}`] : []
        }),

        // pairs of texts of which one stands on the other; a line counts with the middle half of its height
        overlapping: () => {
            const lines = texts().flatMap(({element, node, lines}) => {
                const half = parseFloat(getComputedStyle(element).fontSize) / 4
                return lines.map(({left, right, top, bottom}) => ({
                    left: left + 1, right: right - 1, top: (top + bottom) / 2 - half, bottom: (top + bottom) / 2 + half,
                    name: `${named(element)}: ${node.data.trim().slice(0, 30)}`,
                }))
            }).sort((a, b) => a.top - b.top)
            return lines.flatMap((one, index) => {
                const found = []
                for (const other of lines.slice(index + 1)) {
                    if (other.top >= one.bottom) break
                    if (other.left < one.right && one.left < other.right) found.push(`${one.name} / ${other.name}`)
                }
                return found
            })
        },

        // of each text its size in pixels
        sizes: () => texts().map(({element}) => parseFloat(getComputedStyle(element).fontSize)),

        // of each text its size in pixels, its colour and the ground that it stands on
        letters: () => texts().map(({node, element}) => {
            const style = getComputedStyle(element)
            return {
                name: named(element), text: node.data.trim().slice(0, 60), size: parseFloat(style.fontSize),
                weight: Number(style.fontWeight), family: style.fontFamily, color: style.color, ground: ground(element),
                contrast: contrast(style.color, ground(element)), classes: [element.className, element.parentElement.className],
            }
        }),

        // of each button where it is and its colours, beside those around it
        buttons: () => [...document.querySelectorAll(".primary, .secondary")].map(one => {
            const {width, height} = one.getBoundingClientRect()
            const box = one.closest("td")
            const style = getComputedStyle(one)
            return {
                name: named(one), width, height, contrast: contrast(style.color, ground(one)),
                edge: contrast(getComputedStyle(box).borderTopColor, ground(box.closest("table").parentElement)),
            }
        }),

        // of each group of columns the edges of each column
        columns: () => [...document.querySelectorAll(".columns")].map(group => [...group.querySelectorAll(":scope > .column")]
            .map(one => one.getBoundingClientRect()).map(({left, right, top, bottom}) => ({left, right, top, bottom}))),

        // of each image that says something, its alt text as it shows while the image does not, and the room it needs
        alternatives: () => [...document.images].filter(one => one.alt.trim()).map(one => {
            const style = getComputedStyle(one)
            const {width, height} = one.getBoundingClientRect()
            const probe = Object.assign(document.createElement("div"), {textContent: one.alt})
            for (const name of ["font", "letterSpacing", "overflowWrap", "wordBreak"]) probe.style[name] = style[name]
            probe.style.width = `${width}px`
            probe.style.position = "absolute"
            document.body.append(probe)
            const needed = {width: probe.scrollWidth, height: probe.scrollHeight}
            probe.remove()
            return {
                name: named(one), alt: one.alt, broken: one.complete && one.naturalWidth === 0, width, height, needed,
                size: parseFloat(style.fontSize), contrast: contrast(style.color, ground(one)),
            }
        }),

        // as Thunderbird shows it
        dropMediaQueries: () => {
            for (const sheet of document.styleSheets)
                for (let index = sheet.cssRules.length - 1; index >= 0; index--)
                    if (sheet.cssRules[index] instanceof CSSMediaRule) sheet.deleteRule(index)
        },

        // as the Gmail apps show it to other accounts
        dropStyles: () => document.querySelectorAll("style").forEach(style => style.remove()),

        // as a reader sees it who has doubled the size of text: letters and their lines grow, nothing else does
        doubleText: () => {
            const sizes = [...document.querySelectorAll("body, body *")].map(one => [one, getComputedStyle(one)])
                .map(([one, {fontSize, lineHeight}]) => [one, parseFloat(fontSize), parseFloat(lineHeight)])
            for (const [one, size, line] of sizes) {
                one.style.setProperty("font-size", `${size * 2}px`, "important")
                if (line) one.style.setProperty("line-height", `${line * 2}px`, "important")
            }
        },
    }
})()
