/**
 * What the H5 twin lacks for people who hear pages or press keys. A field is a native one inside a wrapper that keeps its
 * name to itself: it is handed on. A button is an element that only fingers reach: keys reach it, too.
 */
const HANDED_ON = ['aria-label', 'autocomplete']
const PRESSED = 'uni-button, [role=button], [role=tab], [role=radio], [role=checkbox]'

/** Does so for everything that is and will be in the document. */
export function openToAll(root: HTMLElement): void {
  mend(root)
  const observer = new MutationObserver((changes) => {
    for (const { addedNodes, target } of changes) {
      for (const node of addedNodes) if (node instanceof Element) mend(node)
      if (target instanceof Element && target.matches(PRESSED)) reach(target)
    }
  })
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ['disabled', 'role'] })
  root.addEventListener('keydown', press)
}

function mend(root: Element): void {
  for (const field of all(root, 'uni-input input, uni-textarea textarea')) {
    const wrapper = field.closest('uni-input, uni-textarea') as Element
    for (const name of HANDED_ON) {
      const value = wrapper.getAttribute(name)
      if (value !== null) field.setAttribute(name, value)
    }
  }
  for (const button of all(root, PRESSED)) reach(button)
}

function reach(button: Element): void {
  const off = button.hasAttribute('disabled')
  if (!button.hasAttribute('role')) button.setAttribute('role', 'button')
  if (off) button.setAttribute('aria-disabled', 'true')
  else button.removeAttribute('aria-disabled')
  button.setAttribute('tabindex', off ? '-1' : '0')
}

function press(event: KeyboardEvent): void {
  const button = event.target instanceof HTMLElement && event.target.matches(PRESSED) ? event.target : null
  if (!button || (event.key !== 'Enter' && event.key !== ' ')) return
  event.preventDefault()
  button.click()
}

function all(root: Element, selector: string): Element[] {
  return [...(root.matches(selector) ? [root] : []), ...root.querySelectorAll(selector)]
}
