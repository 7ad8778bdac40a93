/** What may be said of how a text looks. Nothing that moves it elsewhere, loads anything or covers what is around it. */
const PROPERTIES =
  /^(?:color|background(?:-color)?|opacity|font(?:-(?:family|size|style|variant|weight|stretch))?|text-(?:align|decoration(?:-(?:line|color|style))?|indent|transform|overflow)|line-height|letter-spacing|word-(?:break|spacing|wrap)|overflow-wrap|white-space|vertical-align|(?:margin|padding)(?:-(?:top|right|bottom|left))?|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width|radius))?|border-(?:collapse|spacing)|(?:min-|max-)?(?:width|height)|box-sizing|display|float|clear|direction|unicode-bidi|list-style(?:-(?:type|position))?|table-layout|caption-side|empty-cells|hyphens)$/;

/** Names, numbers, colours and the few functions that make a colour: no `url()`, no escapes, no comments. */
const VALUE = /^(?:[\w\s#%.,!'"+-]|\b(?:rgb|rgba|hsl|hsla)\([\d\s.,%/deg-]*\))*$/i;
const LONGEST_VALUE = 300;
const MOST_DECLARATIONS = 60;

/** The declarations of a `style` attribute that are harmless, in their order. */
export function cleanStyle(style: string): string {
  return style
    .slice(0, MOST_DECLARATIONS * LONGEST_VALUE)
    .split(';', MOST_DECLARATIONS)
    .flatMap((declaration) => {
      const colon = declaration.indexOf(':');
      const property = declaration.slice(0, colon).trim().toLowerCase();
      const value = declaration.slice(colon + 1).trim();
      const isHarmless =
        colon > 0 &&
        value.length <= LONGEST_VALUE &&
        PROPERTIES.test(property) &&
        VALUE.test(value);
      return isHarmless ? `${property}:${value}` : [];
    })
    .join(';');
}
