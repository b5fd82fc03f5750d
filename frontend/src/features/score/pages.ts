import { say } from "@/words";
/** One page of the score, ready to be put into the document. */
export interface ScorePage {
  number: number;
  /** Of a document of its own; it moves into the one that shows it. */
  element: Element;
  /** Width by height in the page's own units: room can be kept before it is drawn. */
  width: number;
  height: number;
}

/**
 * What might act, looked for in the text: a long score has tens of thousands of elements, and going
 * through them takes as long as parsing them. Where this finds something they are gone through.
 */
const SUSPICIOUS =
  /<(?:[\w.-]+:)?(?:script|foreignObject|iframe|style|a|image|animate|set)[\s/>]|\son\w*\s*=|href\s*=\s*["'](?!#)|<!ENTITY/i;
const FORBIDDEN = "script, foreignObject, iframe, style, a, image, animate, set";

/**
 * The pages of a score as the service draws it: one SVG, or one with a nested SVG per page.
 *
 * Whatever a drawing of notes has no use for (scripts, links, handlers) is taken out, although
 * the service does not put it in. Throws Error where it is no SVG.
 */
export function readPages(svg: string): ScorePage[] {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
  const root = parsed.documentElement;
  if (root.localName !== "svg" || parsed.querySelector("parsererror")) {
    throw new Error(say("score.not_a_drawing"));
  }
  if (SUSPICIOUS.test(svg)) disarm(root);
  const nested = [...root.children].filter((child) => child.classList.contains("page"));
  const pages = nested.length > 0 ? nested : [root];
  return pages.map((page, index) => {
    const box = (page.getAttribute("viewBox") ?? "").split(/\s+/).map(Number);
    const [, , width = 2100, height = 2970] = box.length === 4 ? box : [];
    for (const attribute of ["x", "y", "width", "height"]) page.removeAttribute(attribute);
    page.setAttribute("width", "100%");
    page.setAttribute("aria-hidden", "true");
    return {
      number: index + 1,
      element: page,
      width,
      height,
    };
  });
}

function disarm(root: Element): void {
  for (const element of root.querySelectorAll(FORBIDDEN)) element.remove();
  for (const element of [root, ...root.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      const isForeign = name.endsWith("href") && !value.startsWith("#");
      if (name.startsWith("on") || isForeign) element.removeAttribute(name);
    }
  }
}
