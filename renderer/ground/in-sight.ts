/** Which parts of a long page can be seen. */

/** How far beyond the edge of what scrolls an element counts as seen, so that it is there when one comes to it. */
const spare = 300;

/**
 * @param tell is told at first and whenever an element comes into sight of the page that scrolls, or leaves it; where
 *   that cannot be known the element is always seen
 * @returns what is attached to the element
 */
export function inSight(
  tell: (element: Element, seen: boolean) => void,
): (element: Element) => (() => void) | undefined {
  return (element) => {
    if (typeof IntersectionObserver === 'undefined') {
      tell(element, true);
      return undefined;
    }
    const observer = new IntersectionObserver(
      (entries) => {
        const last = entries.at(-1);
        if (last) tell(element, last.isIntersecting);
      },
      { root: element.closest('main'), rootMargin: `${spare}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
